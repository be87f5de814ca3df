import MHPipeKit

/// Hands out texts as units of work.
struct TextSource: ListedSource {
    static let name = "text"
    static let summary = "Reads texts that stand in the options."

    struct Options: PluginOptions {
        var texts: [String] = []
        var unreadable: [String] = []

        static let all: [Option<Options>] = [
            .required("texts", \.texts, "The text of each unit.", example: "[a, b]"),
            .optional("unreadable", \.unreadable, "The names of units that cannot be read."),
        ]
    }

    private let options: Options

    init(_ options: Options, _ context: PluginContext) {
        self.options = options
    }

    func units(report: (UnreadableInput) -> Void) -> [any SourceUnit] {
        for name in options.unreadable { report(UnreadableInput(name: name, reason: "Permission denied")) }
        return options.texts.enumerated().map { Unit(name: "text \($0)", text: $1) }
    }

    private struct Unit: SourceUnit {
        let name: String
        let text: String

        var size: Int? { text.utf8.count }

        func open() -> any ByteStream { Stream(bytes: Array(text.utf8)[...]) }
    }

    private final class Stream: ByteStream {
        private var bytes: ArraySlice<UInt8>

        init(bytes: ArraySlice<UInt8>) {
            self.bytes = bytes
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
            let part = bytes.prefix(buffer.count)
            buffer.copyBytes(from: part)
            bytes = bytes.dropFirst(part.count)
            return part.count
        }
    }
}
