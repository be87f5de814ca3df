import MHPipeKit

/// Hands out units whose bytes are given.
struct GivenSource: ListedSource {
    static let name = "given"
    static let summary = "Hands out units whose bytes are given."

    struct Options: PluginOptions {
        var units: [GivenUnit]

        init() { units = [] }
        init(_ units: [GivenUnit]) { self.units = units }

        static let all: [Option<Options>] = []
    }

    private let given: [GivenUnit]

    init(_ options: Options, _ context: PluginContext) {
        given = options.units
    }

    func units(report: (UnreadableInput) -> Void) -> [any SourceUnit] { given }
}

/// A unit whose bytes are given.
struct GivenUnit: SourceUnit {
    let name: String
    let bytes: [UInt8]
    /// The most that one read gives.
    var readSize = Int.max
    /// Called before the first byte is read, on a worker's queue.
    var whenOpened: @Sendable () -> Void = {}

    var size: Int? { bytes.count }

    func open() -> any ByteStream {
        whenOpened()
        return Stream(bytes, readSize)
    }

    private final class Stream: ByteStream {
        private var rest: ArraySlice<UInt8>
        private let readSize: Int

        init(_ bytes: [UInt8], _ readSize: Int) {
            rest = bytes[...]
            self.readSize = readSize
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
            let count = min(buffer.count, rest.count, readSize)
            unsafe buffer.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            return count
        }
    }
}
