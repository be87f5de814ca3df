public import MHPipeKit

/// A unit of work whose bytes are given.
public struct MemoryUnit: SourceUnit {
    /// The name that messages show.
    public let name: String
    /// What it holds.
    public let bytes: [UInt8]
    /// The most that one read delivers.
    public let stretch: Int
    /// False for what comes from a pipe, whose size nobody knows.
    public let hasSize: Bool
    /// What is known of it.
    public var facts = UnitFacts()

    /// Makes a unit of bytes.
    public init(_ name: String, _ bytes: some Sequence<UInt8>, stretch: Int = .max, hasSize: Bool = true) {
        self.name = name
        self.bytes = Array(bytes)
        self.stretch = stretch
        self.hasSize = hasSize
    }

    /// The number of bytes; nil for what comes from a pipe.
    public var size: Int? { hasSize ? bytes.count : nil }

    /// A stream over the bytes.
    public func open() -> any ByteStream {
        Stream(bytes, stretch: stretch)
    }

    /// Bytes that are read some at a time.
    public final class Stream: ByteStream {
        private var rest: ArraySlice<UInt8>
        private let stretch: Int

        /// Begins at the first byte.
        public init(_ bytes: [UInt8], stretch: Int) {
            rest = bytes[...]
            self.stretch = stretch
        }

        /// Reads the next bytes, at most as many as a stretch has.
        public func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
            let count = min(buffer.count, rest.count, stretch)
            buffer.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            return count
        }
    }
}
