import MHPipeKit

/// Gives records that a command was handed, in the place of a source of a pipeline, whose selection holds here as well.
struct GivenRecords: SelectingSource, ListedSource {
    static let name = "given"
    static let summary = "Gives records that a command was handed."

    struct Options: PluginOptions {
        static let all: [Option<Options>] = []
    }

    let selection: EventSelection?
    private let given: [GivenText]

    init(_ options: Options, _ context: PluginContext) {
        (selection, given) = (nil, [])
    }

    /// - Parameters:
    ///   - texts: What is read; nothing where another source of the pipeline is asked.
    ///   - place: The source whose place it takes.
    init(_ texts: [GivenText], in place: any Source) {
        selection = (place as? any SelectingSource)?.selection
        given = texts
    }

    func units(report: (UnreadableInput) -> Void) -> [any SourceUnit] { given }
}

/// Records in any form that a file may have them in, under a name.
struct GivenText: SourceUnit {
    let name: String
    let bytes: [UInt8]

    var size: Int? { bytes.count }

    func open() -> any ByteStream { Stream(bytes) }

    private final class Stream: ByteStream {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: [UInt8]) {
            rest = bytes[...]
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
            let count = min(buffer.count, rest.count)
            unsafe buffer.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            return count
        }
    }
}
