/// A sink whose output is one file of a known format.
///
/// The check holds the output's name against the format, and says what would keep the file from being written.
package protocol FormatSink: Sink {
    static var format: FileFormat { get }

    /// True when it may write to objects of a bucket as well; false by default.
    static var writesObjects: Bool { get }
}

extension FormatSink {
    package static var writesObjects: Bool { false }
}

/// What is in a file that mhpipe writes.
package enum FileFormat: String, CaseIterable, Sendable {
    case jsonLines = "JSON lines"
    case json = "JSON"
    case csv = "CSV"
    case sqlite = "SQLite"
    case html = "HTML"

    /// True when it may be compressed as a whole, and is for names that end in `.gz` or `.zst`.
    package var isText: Bool { self != .sqlite && self != .html }

    /// The endings by which a name says that a file holds this; lower case.
    package var endings: [String] {
        switch self {
        case .jsonLines: [".jsonl", ".ndjson"]
        case .json: [".json"]
        case .csv: [".csv"]
        case .sqlite: [".db", ".sqlite", ".sqlite3"]
        case .html: [".html", ".htm"]
        }
    }
}
