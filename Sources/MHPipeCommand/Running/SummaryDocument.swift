import MHPipeRuntime

/// What `--summary` writes: the report, and round it what whoever finds the file later must know.
///
/// `docs/run-summary.md` says what each key means.
struct SummaryDocument: Encodable {
    /// Goes up when a key goes away or changes its meaning; new keys may come without that.
    static let schema = 1

    let report: RunReport
    let exitCode: ExitCode
    /// The pipeline file; nil for a pipeline that stands in none.
    let pipelineFile: String?
    /// Where bad records are kept; nil for nowhere.
    let quarantine: String?

    private enum Key: CodingKey {
        case schema
        case version
        case exitCode
        case directory
        case pipelineFile
        case quarantine
    }

    /// The object on one line, keys sorted.
    var line: String { get throws { try json(isPretty: false) } }

    /// The object as JSON, keys sorted.
    func json(isPretty: Bool) throws -> String {
        try JSONDocument.text(self, isPretty: isPretty)
    }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.schema, forKey: .schema)
        try container.encode(Version.current, forKey: .version)
        try container.encode(exitCode.value, forKey: .exitCode)
        try container.encode(WorkingFolder.path, forKey: .directory)
        try container.encode(pipelineFile, forKey: .pipelineFile)
        try container.encode(quarantine, forKey: .quarantine)
    }
}
