import MHPipeKit

/// Writes every event as a line of JSON: the record as it came, with what transforms added before its last brace.
///
/// A path that ends in `.gz` is compressed, one gzip member for each input file that gave events, so that the
/// workers compress side by side and the bytes do not depend on their number. An output without events is an empty
/// file, or a gzip file that holds nothing.
struct JSONLinesSink: FileSink {
    static let name = "jsonl"
    static let summary = "Writes events as JSON lines."

    static let format = FileFormat.jsonLines

    struct Options: PluginOptions {
        var path: OutputPath = ""

        static let all: [Option<Options>] = [
            .required(
                "path",
                \.path,
                "The file to write; a name that ends in .gz is compressed, and - is standard output.",
                example: "audit.jsonl.gz"
            )
        ]
    }

    private var output: SinkOutput

    init(_ options: Options, _ context: PluginContext) {
        output = SinkOutput(options.path)
    }

    func makeEncoder() -> CompressingEncoder<JSONLinesEncoder> {
        CompressingEncoder(JSONLinesEncoder(), compresses: output.isCompressed)
    }

    mutating func open() throws {
        try output.open()
    }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        try unsafe output.write(bytes)
    }

    mutating func finish() throws {
        try output.finish()
    }

    mutating func commit() throws {
        try output.commit()
    }

    mutating func abort() {
        output.abort()
    }
}
