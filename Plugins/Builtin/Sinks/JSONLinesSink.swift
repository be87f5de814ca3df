import MHPipeKit

/// Writes every event as a line of JSON: the record as it came, with what transforms added before its last brace.
///
/// A path that ends in `.gz` is compressed, one gzip member for each input file that gave events, so that the
/// workers compress side by side and the bytes do not depend on their number. An output without events is an empty
/// file, or a gzip file that holds nothing.
struct JSONLinesSink: FileSink, ResumableSink, FormatSink {
    static let name = "jsonl"
    static let summary = "Writes events as JSON lines."

    static let format = FileFormat.jsonLines

    struct Options: PluginOptions {
        var path: PathTemplate = ""

        static let all: [Option<Options>] = [
            .required(
                "path",
                \.path,
                "The file to write, or the files, with fields in braces; a name that ends in .gz is compressed, and - is standard output.",
                example: "audit.jsonl.gz"
            )
        ]
    }

    var output: TextFiles

    init(_ options: Options, _ context: PluginContext) {
        output = TextFiles(options.path, context)
    }

    func makeEncoder() -> FilesEncoder<CompressingEncoder<JSONLinesEncoder>> {
        output.encoder(JSONLinesEncoder())
    }
}
