import MHPipeKit

/// Writes a CSV file with one line an event (RFC 4180).
///
/// Lines end in CR LF, as the RFC has it. A field is quoted when it has to be, when it begins or ends with a space,
/// or when it is the empty only field of its line. Objects and arrays are JSON text; a missing field, null and the
/// empty string are all empty. A name that ends in `.gz` or `.zst` is compressed as `jsonl` does it.
struct CSVSink: FileSink, ResumableSink, FormatSink {
    static let name = "csv"
    static let summary = "Writes events as the lines of a CSV file."

    static let format = FileFormat.csv
    static let writesObjects = true

    struct Options: TextFileOptions {
        var path: PathTemplate = ""
        var columns = ColumnChoice.usual
        var header = true
        var formulaGuard = true
        var excel = false
        var delimiter = CSVDelimiter.comma
        var level: Int?
        var rotate: Rotation?
        var storage = StorageOptions()
        var objects = ObjectOptions()
        var connection = ConnectionOptions()

        static let all: [Option<Options>] =
            [
                path(example: "audit.csv"),
                .optional(
                    "columns",
                    \.columns,
                    "The fields to write, in this order; `default` stands for the default ones.",
                    example: "[default, identity.origin]"
                ),
                .optional("header", \.header, "Begins the file with a line of column names."),
                .optional(
                    "formula_guard",
                    \.formulaGuard,
                    "Puts ' before a string that begins with =, +, -, @ or a control character, so that no spreadsheet runs it."
                ),
                .optional(
                    "excel",
                    \.excel,
                    "Writes what Excel opens as it is: a byte order mark, ids and other digits as texts, no cell above its limit."
                ),
                .optional(
                    "delimiter",
                    \.delimiter,
                    "What stands between cells; with `semicolon` Excel finds the columns where numbers have a comma, as in German.",
                    example: "semicolon"
                ),
                level,
                rotate(part: "audit-00001.csv"),
            ] + writingObjects
    }

    let path: PathTemplate
    let columns: [OutputColumn]
    let guardsFormulas: Bool
    let isForExcel: Bool
    let delimiter: CSVDelimiter
    private let empty: EmptyColumns
    private let context: PluginContext
    var output: TextFiles

    init(_ options: Options, _ context: PluginContext) throws {
        path = options.path
        columns = try [OutputColumn](options.columns, context)
        guardsFormulas = options.formulaGuard
        isForExcel = options.excel
        delimiter = options.delimiter
        empty = EmptyColumns(columns, chosenBy: options.columns)
        self.context = context
        let names = CSVEncoder.header(columns, delimiter)
        output = try TextFiles(
            options,
            beginning: (options.excel ? "\u{FEFF}" : "") + (options.header ? names : ""),
            form: (options.excel ? "excel " : "") + names,
            context
        )
    }

    func makeEncoder() -> FilesEncoder<CompressingEncoder<CSVEncoder>> {
        output.encoder(
            CSVEncoder(
                columns,
                guardsFormulas: guardsFormulas,
                excel: isForExcel,
                delimiter: delimiter,
                empty: empty
            )
        )
    }

    mutating func finish() throws {
        try output.finish()
        empty.warnings().forEach(context.warn)
    }
}
