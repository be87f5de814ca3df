public import MHPipeKit

/// A unit of work whose bytes are given.
public struct MemoryUnit: SourceUnit {
    public let name: String
    public let bytes: [UInt8]
    /// The most that one read delivers.
    public let stretch: Int

    public init(_ name: String, _ bytes: some Sequence<UInt8>, stretch: Int = .max) {
        self.name = name
        self.bytes = Array(bytes)
        self.stretch = stretch
    }

    public var size: Int? { bytes.count }

    public func open() -> any ByteStream {
        Stream(bytes, stretch)
    }

    private final class Stream: ByteStream {
        private var rest: ArraySlice<UInt8>
        private let stretch: Int

        init(_ bytes: [UInt8], _ stretch: Int) {
            rest = bytes[...]
            self.stretch = stretch
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
            let count = min(buffer.count, rest.count, stretch)
            buffer.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            return count
        }
    }
}
