import MHPipeKit
import MHPipeReport

/// Writes one page of HTML about a trail: for whoever audits it, and for whoever leads a migration.
///
/// The events go into a temporary database, with the views of `sqlite`; the page is made of what these give, so its size has a
/// bound whatever the trail. What transforms above have not added is said to be missing.
struct ReportSink: FormatSink, DatabaseReadingSink, ContentComparingSink {
    static let name = "report"
    static let summary =
        "Writes a page of HTML about a trail: migrations, cutovers, callers, failures, tools, coverage, proof."

    static let format = FileFormat.html

    struct Options: PluginOptions {
        var path: OutputPath = ""
        var title: String?
        var windows: [ChangeWindow] = []
        var runManifest: InputPath?
        var trailReport: InputPath?

        static let all: [Option<Options>] = [
            .required("path", \.path, "The file to write; `-` is standard output.", example: "report.html"),
            .optional("title", \.title, "What the page is called.", example: "Wave 3"),
            .optional(
                "change_window",
                \.windows,
                "When cutovers may be made, in UTC unless a zone is named; those outside are marked.",
                example: "[Sat 22:00/Sun 06:00]"
            ),
            .optional(
                "run_manifest",
                \.runManifest,
                "The manifest of an earlier run, which made or read what is read here: the page shows it, and says what it lists.",
                example: "made.manifest.jsonl"
            ),
            .optional(
                "trail_report",
                \.trailReport,
                "What `mhpipe verify-trail --report` has written of the trail.",
                example: "verified.json"
            ),
        ]
    }

    private let options: Options
    private let context: PluginContext
    private var output: FileOutput
    private var database: ReportDatabase?
    private var reading = ReportReading()
    private var run: ManifestedRun?
    private var trail: TrailVerification?
    private var readEnd: SQLiteReadEnd
    private var isFinished = false

    init(_ options: Options, _ context: PluginContext) {
        (self.options, self.context) = (options, context)
        output = FileOutput(options.path)
        readEnd = SQLiteReadEnd(limit: context.readLimit)
    }

    var comparesContent: Bool { options.runManifest != nil }

    func makeEncoder() -> SQLiteRowEncoder {
        SQLiteRowEncoder(ReportDatabase.columns, mostBytes: SQLiteDatabase.mostBytes)
    }

    mutating func open() throws {
        try output.open()
        let keys = context.addedKeys
        database = try run("making a temporary database") { () throws(SQLiteDatabase.Failure) in
            try ReportDatabase(addedKeys: keys)
        }
        guard let database = database?.database else { return }
        trail = try options.trailReport.map { try TrailVerification($0, in: database) }
        run = try options.runManifest.map { try ManifestedRun($0, in: database) }
    }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        try run("inserting rows") { () throws(SQLiteDatabase.Failure) in try unsafe database?.insert(bytes) }
    }

    mutating func finishUnit(_ outcome: UnitOutcome) {
        reading.add(outcome)
        run?.add(outcome)
        if outcome.ending == .read || outcome.ending == .damaged { readEnd.add(outcome) }
    }

    mutating func read(_ path: FilePath) throws {
        reading.isKnown = false
        guard let database else { return }
        try run?.add(database: path)
        try SQLiteReportSource(path: path).copy(into: database)
    }

    mutating func finish(_ totals: RunTotals) throws {
        reading.take(totals)
        try finish()
    }

    mutating func finish() throws {
        guard let database, !isFinished else { return }
        let update = readEnd.update()
        let isStampedHere = context.stampedKeys.contains(VerificationFacts.stamp)
        let facts = try run("working out what the report says") { () throws(SQLiteDatabase.Failure) in
            if !update.isEmpty { try database.database.execute(update) }
            try database.settle()
            let query = ReportQuery(source: database)
            return try ReportGathering(
                query: query,
                title: options.title,
                windows: options.windows,
                reading: reading,
                trail: trail,
                run: run,
                isStampedHere: isStampedHere
            ).facts()
        }
        database.close()
        if facts.findings.contains(where: { $0.text == ReportGathering.withoutHub }) {
            context.warn("\(ReportGathering.withoutHub): the report says little of migrations")
        } else if facts.findings.contains(where: { $0.text == ReportGathering.withoutMigration }) {
            context.warn("\(ReportGathering.withoutMigration): transform 'migration_hub' above this sink adds it")
        }
        for finding in facts.findings where finding.section == VerificationFacts.id {
            if finding.tone == .bad || finding.tone == .warning { context.warn(finding.text) }
        }
        try output.write(ReportPage(facts).markup.text)
        try output.finish()
        isFinished = true
        self.database = nil
    }

    mutating func commit() throws { try output.commit() }

    mutating func abort() {
        database?.close()
        database = nil
        output.abort()
    }

    private func run<Result>(
        _ action: String,
        _ body: () throws(SQLiteDatabase.Failure) -> Result
    ) throws(StageError) -> Result {
        try SQLiteDatabase.writing(options.path.path, action, body)
    }
}
