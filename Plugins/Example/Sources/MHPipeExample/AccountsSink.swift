import MHPipeKit

/// Writes the events of each account into a file of its own, as JSON lines.
struct AccountsSink: FileSink {
    static let name = "accounts"
    static let summary = "Writes one file of JSON lines for each account."

    struct Options: PluginOptions {
        var path: PathTemplate = "accounts/{recipientAccountId}.jsonl"

        static let all: [Option<Options>] = [
            .optional("path", \.path, "The files to write, with fields of the events in braces.")
        ]
    }

    var output: OutputFiles

    init(_ options: Options, _ context: PluginContext) {
        output = OutputFiles(options.path)
    }

    func makeEncoder() -> FilesEncoder<JSONLinesEncoder> { output.encoder(JSONLinesEncoder()) }
}
