import MHPipeKit

/// Writes every event as a line of JSON: the record as it came, with what transforms added before its last brace.
///
/// A path that ends in `.gz` or `.zst` is compressed, one gzip member or one frame for each input file that gave events, so that the
/// workers compress side by side and the bytes do not depend on their number. An output without events is an empty
/// file, or a compressed one that holds nothing.
struct JSONLinesSink: FileSink, ResumableSink, FormatSink {
    static let name = "jsonl"
    static let summary = "Writes events as JSON lines."

    static let format = FileFormat.jsonLines
    static let writesObjects = true

    struct Options: TextFileOptions {
        var path: PathTemplate = ""
        var columns: [ColumnChoice]?
        var level: Int?
        var rotate: Rotation?
        var storage = StorageOptions()
        var objects = ObjectOptions()
        var connection = ConnectionOptions()

        static let all: [Option<Options>] =
            [
                path(example: "audit.jsonl.gz"),
                .optional(
                    "columns",
                    \.columns,
                    "The fields to write, the same ones in every line, for readers that infer types; `default` stands for those of tables; without it, whole events are written.",
                    example: "[eventTime, eventName, userIdentity.arn, requestParameters]"
                ),
                level,
                rotate(part: "audit-00001.jsonl"),
            ] + writingObjects
    }

    let path: PathTemplate
    let columns: [OutputColumn]?
    private let empty: EmptyColumns
    private let context: PluginContext
    var output: TextFiles

    init(_ options: Options, _ context: PluginContext) throws {
        path = options.path
        columns = try options.columns.map { try [OutputColumn]($0, context) }
        empty = EmptyColumns(columns ?? [], chosenBy: options.columns)
        self.context = context
        output = try TextFiles(options, context)
    }

    func makeEncoder() -> FilesEncoder<CompressingEncoder<LinesEncoder>> {
        let columns = columns.map { LinesEncoder.columns(ColumnLinesEncoder($0, empty: empty)) }
        return output.encoder(columns ?? .events(JSONLinesEncoder()))
    }

    mutating func finish() throws {
        try output.finish()
        empty.warnings().forEach(context.warn)
    }
}
