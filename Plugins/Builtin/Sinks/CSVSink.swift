import MHPipeKit

/// Writes a CSV file with one line an event (RFC 4180).
///
/// Lines end in CR LF, as the RFC has it. A field is quoted when it has to be, when it begins or ends with a space,
/// or when it is the empty only field of its line. Objects and arrays are JSON text; a missing field, null and the
/// empty string are all empty. A name that ends in `.gz` is compressed as `jsonl` does it.
struct CSVSink: FileSink, ResumableSink, FormatSink {
    static let name = "csv"
    static let summary = "Writes events as the lines of a CSV file."

    static let format = FileFormat.csv

    struct Options: PluginOptions {
        var path: PathTemplate = ""
        var columns = OutputColumn.all.map(\.path)
        var header = true
        var formulaGuard = true

        static let all: [Option<Options>] = [
            .required(
                "path",
                \.path,
                "The file to write, or the files, with fields in braces; a name that ends in .gz is compressed, and - is standard output.",
                example: "audit.csv"
            ),
            .optional(
                "columns",
                \.columns,
                "The fields to write, in this order.",
                example: "[eventTime, eventName, userIdentity.arn, identity.actor]"
            ),
            .optional("header", \.header, "Begins the file with a line of column names."),
            .optional(
                "formula_guard",
                \.formulaGuard,
                "Puts ' before a string that begins with =, +, -, @ or a control character, so that no spreadsheet runs it."
            ),
        ]
    }

    private let columns: [OutputColumn]
    private let guardsFormulas: Bool
    private let empty: EmptyColumns
    private let context: PluginContext
    var output: TextFiles

    init(_ options: Options, _ context: PluginContext) throws {
        columns = try [OutputColumn](options.columns, context)
        guardsFormulas = options.formulaGuard
        empty = EmptyColumns(options.columns == Options().columns ? nil : columns)
        self.context = context
        output = TextFiles(options.path, beginning: options.header ? CSVEncoder.header(columns) : "", context)
    }

    func makeEncoder() -> FilesEncoder<CompressingEncoder<CSVEncoder>> {
        output.encoder(CSVEncoder(columns, guardsFormulas: guardsFormulas, empty: empty))
    }

    mutating func finish() throws {
        try output.finish()
        empty.warnings().forEach(context.warn)
    }
}
