import MHPipeIO
import MHPipeKit
import MHPipeReport

/// What a report says of the run that its input comes from, by the manifest of that run.
struct RunFacts {
    typealias Failure = SQLiteDatabase.Failure

    let query: ReportQuery
    let run: ManifestedRun
    private(set) var findings: [ReportFacts.Finding] = []

    init(_ query: ReportQuery, _ run: ManifestedRun) {
        (self.query, self.run) = (query, run)
    }

    /// - Throws: What SQLite says; the run is compared before.
    mutating func parts() throws(Failure) -> [ReportFacts.Part] {
        var counts: [ManifestedRun.Comparison: Int] = [:]
        for row in try query.rows("SELECT word, count(*) FROM report_held GROUP BY 1") {
            guard let word = row[0].flatMap(ManifestedRun.Comparison.init(rawValue:)) else { continue }
            counts[word] = row[1].flatMap { Int($0) }
        }
        judge(counts)
        judgeEnd()
        return [.list(summary), .remark(Self.words(counts)), .table(try differences(counts))]
    }

    // MARK: What the manifest says

    private var summary: FactList {
        let (first, end) = (run.run.object, run.end.object)
        let counts = end["summary"]
        var list = FactList(id: "run", caption: "The run, as its manifest says")
        func number(_ key: String) -> FactTable.Cell { (counts?[key]?.int).map { .number($0) } ?? .none }
        list.add("Manifest", .text(run.name))
        list.add("SHA-256 of the manifest", .code(run.sha256))
        list.add("Version of mhpipe", .text(first.text("mhpipe")))
        list.add("Pipeline", .text(first.text("pipelineFile") ?? first.text("pipeline")))
        list.add("SHA-256 of the pipeline", .code(first.text("pipelineSha256")))
        list.add("Started", .time(end.text("started")))
        list.add("Ended", .time(end.text("ended")))
        list.add("Outcome", .state(isWhole ? .good : .warning, run.end.outcome ?? "not said"))
        list.add("Exit code", run.end.exitCode.map { .number($0) } ?? .none)
        list.add("Inputs", end["inputs"]?.int.map { .number($0) } ?? .none)
        list.add("Outputs", end["outputs"]?.int.map { .number($0) } ?? .none)
        list.add("Records found", number("eventsIn"))
        list.add("Events kept", number("eventsKept"))
        list.add("Events dropped", number("eventsFiltered"))
        list.add("Of them as duplicates", duplicates(counts))
        list.add("Records not readable", number("eventsQuarantined"))
        return list
    }

    private func duplicates(_ summary: JSONValue?) -> FactTable.Cell {
        guard let stages = summary?["stages"] else { return .none }
        return .number(stages.elements.reduce(0) { $0 + ($1["eventsDuplicate"]?.int ?? 0) })
    }

    private var isWhole: Bool { run.end.committed == true && run.end.exitCode == 0 }

    private mutating func judgeEnd() {
        guard !isWhole else { return }
        let code = run.end.exitCode.map { ", exit code \($0)" } ?? ""
        let isCommitted = run.end.committed == true
        add(
            isCommitted ? .warning : .bad,
            isCommitted
                ? "The run of the manifest did not end well\(code)"
                : "The run of the manifest has put no output in its place\(code)"
        )
    }

    // MARK: What the page was made from

    private mutating func judge(_ counts: [ManifestedRun.Comparison: Int]) {
        func count(_ word: ManifestedRun.Comparison) -> Int { counts[word] ?? 0 }
        let same = count(.input) + count(.output)
        if count(.changed) > 0 {
            add(.bad, "\(Self.files(count(.changed))) of this page not as the manifest of the run says")
        }
        if count(.unlisted) > 0 {
            add(.bad, "\(Self.files(count(.unlisted))) of this page not in the manifest of the run")
        }
        if count(.grown) + count(.untold) > 0 {
            let files = Self.files(count(.grown) + count(.untold))
            add(.warning, "\(files) of this page cannot be held against the manifest of the run")
        }
        if count(.unread) > 0 {
            add(.warning, "\(Wording.count(count(.unread), "input")) of the run not read for this page")
        }
        if findings.isEmpty, same > 0 {
            add(.good, "\(Self.files(same)) of this page in the manifest of the run, with the same SHA-256")
        }
        if findings.isEmpty { add(.warning, "No file was read that could be held against the manifest of the run") }
    }

    private static func files(_ count: Int) -> String { Wording.count(count, "file") }

    private mutating func add(_ tone: ReportFacts.Tone, _ text: String) {
        findings.append(ReportFacts.Finding(tone, text, section: VerificationFacts.id))
    }

    private static func words(_ counts: [ManifestedRun.Comparison: Int]) -> String {
        func count(_ word: ManifestedRun.Comparison) -> Int { counts[word] ?? 0 }
        let read = counts.filter { $0.key != .unread }.values.reduce(0, +)
        guard read > 0 else { return "Nothing was read that could be held against the manifest." }
        let same = count(.input) + count(.output)
        let kinds = [(count(.output), "output", "outputs"), (count(.input), "input", "inputs")]
            .filter { $0.0 > 0 }.map { Wording.count($0.0, $0.1, $0.2) }.joined(separator: " and ")
        let answer =
            same == read
            ? "The manifest lists all of it with the same SHA-256: \(kinds) of the run."
            : same == 0
                ? "None of it has the SHA-256 of a file that the manifest lists, so the page is not shown to be of that run."
                : "The manifest lists \(kinds) of it with the same SHA-256; the others are in the table."
        return "This page was made from \(Wording.count(read, "file")). \(answer)"
    }

    private static let mostFiles = 60

    private func differences(_ counts: [ManifestedRun.Comparison: Int]) throws(Failure) -> FactTable {
        let order = ManifestedRun.Comparison.allCases.filter { !$0.isSame }
        let rank = order.enumerated().map { "WHEN '\($1.rawValue)' THEN \($0)" }.joined(separator: " ")
        let rows = try query.rows(
            """
            SELECT place, word, sha256 FROM report_held WHERE word NOT IN ('input', 'output') \
            ORDER BY CASE word \(rank) END, rowid LIMIT \(Self.mostFiles)
            """
        )
        return FactTable(
            id: "held",
            caption: "Files that are not as the manifest says",
            columns: ["File", "What it is", "SHA-256"],
            rows: rows.map { row in
                let word = row[1].flatMap(ManifestedRun.Comparison.init(rawValue:))
                return [.text(row[0]), Self.state(word), .code(row[2].flatMap { $0.isEmpty ? nil : $0 })]
            },
            total: order.reduce(0) { $0 + (counts[$1] ?? 0) },
            empty: "None."
        )
    }

    private static func state(_ word: ManifestedRun.Comparison?) -> FactTable.Cell {
        switch word {
        case .changed: .state(.bad, "listed with another SHA-256")
        case .unlisted: .state(.bad, "not in the manifest")
        case .grown: .state(.warning, "listed in part: what the run appended")
        case .untold: .state(.warning, "not read to its end, so without a hash")
        case .unread: .state(.warning, "input of the run, not read for this page")
        case .input, .output, nil: .none
        }
    }
}
