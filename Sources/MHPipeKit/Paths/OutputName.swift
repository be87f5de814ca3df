/// The name of an output, held against what is written there.
///
/// A name that promises a compression or a format that nobody makes is a mistake, since what opens the file later would
/// fail on it. A name of another text format is likely a slip.
package struct OutputName {
    /// The path as it was written; its last part is the name.
    let path: String
    private let name: String

    package init(_ path: String) {
        self.path = path
        name = (path.split(separator: "/").last ?? "").lowercased()
    }

    /// Looks for what is wrong with the name.
    ///
    /// - Parameters:
    ///   - format: What is written.
    ///   - isCompressed: True when what is written is compressed for names that end in `.gz` or `.zst`.
    /// - Returns: The mistake or the warning, without its place; nil when there is none.
    package func mistake(for format: FileFormat, isCompressed: Bool) -> Diagnostic? {
        let packers = isCompressed ? Self.packers : Self.packers + Self.written
        if let packer = packers.first(where: { ends(name, in: $0.ending) }) {
            return notPacked(packer.ending, packer.program, format, isCompressed)
        }
        let packed = Self.written.first { name.hasSuffix($0.ending) }
        let inner = packed.map { String(name.dropLast($0.ending.count)) } ?? name
        if let foreign = Self.foreignFormats.first(where: { inner.hasSuffix($0.ending) }) {
            return Diagnostic(
                "'\(path)' would hold \(format.rawValue), and its name says \(foreign.format)",
                severity: foreign.isBinary ? .error : .warning,
                label: "a name of \(format.rawValue) ends in \(format.endings[0])",
                notes: foreign.advice.map { [$0] } ?? []
            )
        }
        let other = FileFormat.allCases.first { $0.endings.contains { inner.hasSuffix($0) } }
        // JSON lines are called JSON by many, and read as such by many.
        guard let other, other != format, [other, format] != [.json, .jsonLines] else { return nil }
        return Diagnostic(
            "'\(path)' would hold \(format.rawValue), and its name says \(other.rawValue)",
            severity: .warning,
            label: "a name of \(format.rawValue) ends in \(format.endings[0])",
            notes: other == .json ? [] : ["sink '\(other.sink)' writes \(other.rawValue)"]
        )
    }

    private func notPacked(
        _ ending: String,
        _ program: String,
        _ format: FileFormat,
        _ isCompressed: Bool
    ) -> Diagnostic {
        var plain = String(path.dropLast(ending.count))
        if !format.endings.contains(where: { ends(plain.lowercased(), in: $0) }) { plain += format.endings[0] }
        let written = isCompressed ? Self.written.first { $0.program == program } : nil
        return Diagnostic(
            "'\(path)' would hold plain \(format.rawValue): "
                + (isCompressed
                    ? "only names that end in .gz or .zst are compressed" : "this output is never compressed"),
            label: isCompressed ? "write '\(plain)\(written?.ending ?? ".gz")'" : "write '\(plain)'",
            notes: written != nil ? [] : ["for \(program), write '\(plain)' and pack it when the run is done"]
        )
    }

    private func ends(_ name: String, in ending: String) -> Bool {
        name.hasSuffix(ending) && name.utf8.count > ending.utf8.count
    }

    /// Those of outputs that are compressed here.
    private static let written: [(ending: String, program: String)] = [(".gz", "gzip"), (".zst", "zstd")]

    /// The other endings by which names say that a file is compressed, or an archive.
    private static let packers: [(ending: String, program: String)] = [
        (".gzip", "gzip"), (".zstd", "zstd"), (".bz2", "bzip2"), (".bz", "bzip2"), (".xz", "xz"),
        (".lzma", "lzma"), (".lz4", "lz4"), (".lz", "lzip"), (".br", "brotli"), (".snappy", "snappy"),
        (".sz", "snappy"),
        (".z", "compress"), (".zip", "zip"), (".7z", "7z"), (".rar", "rar"), (".tar", "tar"), (".tar.gz", "tar"),
        (".tgz", "tar"), (".tbz2", "tar"), (".tbz", "tar"), (".txz", "tar"),
    ]

    /// A format that no output has.
    private struct ForeignFormat {
        let ending: String
        let format: String
        var isBinary = true
        var advice: String?
    }

    private static let foreignFormats: [ForeignFormat] = [
        ForeignFormat(
            ending: ".parquet",
            format: "Parquet",
            advice: "Plugins/Parquet of mhpipe's sources writes Parquet files; its README.md says how"
        ),
        ForeignFormat(ending: ".orc", format: "ORC"),
        ForeignFormat(ending: ".avro", format: "Avro"),
        ForeignFormat(ending: ".arrow", format: "Arrow"),
        ForeignFormat(ending: ".feather", format: "Arrow"),
        ForeignFormat(ending: ".duckdb", format: "DuckDB", advice: "DuckDB reads JSON lines, CSV and SQLite"),
        ForeignFormat(ending: ".xlsx", format: "a spreadsheet", advice: "spreadsheets open CSV"),
        ForeignFormat(ending: ".xls", format: "a spreadsheet", advice: "spreadsheets open CSV"),
        ForeignFormat(ending: ".ods", format: "a spreadsheet", advice: "spreadsheets open CSV"),
        ForeignFormat(ending: ".pdf", format: "PDF"),
        ForeignFormat(ending: ".tsv", format: "values with tabs between them", isBinary: false),
        ForeignFormat(ending: ".xml", format: "XML", isBinary: false),
        ForeignFormat(ending: ".yaml", format: "YAML", isBinary: false),
        ForeignFormat(ending: ".yml", format: "YAML", isBinary: false),
    ]
}

extension FileFormat {
    /// The name of the sink that writes it; JSON documents are only written by `--summary`.
    fileprivate var sink: String {
        switch self {
        case .jsonLines, .json: "jsonl"
        case .csv: "csv"
        case .sqlite: "sqlite"
        case .html: "report"
        }
    }
}
