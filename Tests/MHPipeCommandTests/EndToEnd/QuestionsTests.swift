import Foundation
import MHPipeTestSupport
import Testing

/// Every line of `docs/questions.md` runs, and finds something in a trail that has an answer for each.
@Suite(.timeLimit(.minutes(30))) struct QuestionsTests {
    private static let page =
        (try? String(contentsOf: Repository.root.appending(path: "docs/questions.md"), encoding: .utf8)) ?? ""

    private static func blocks(_ language: String) -> [String] {
        page.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    private static let commands = blocks("sh").flatMap { $0.split(separator: "\n").map(String.init) }
        .filter { !$0.hasPrefix("#") && !$0.isEmpty }

    private static let queries = blocks("sql").joined().split(separator: "\n").filter { !$0.hasPrefix("--") }
        .joined(separator: "\n").split(separator: ";").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        .filter { !$0.isEmpty }

    /// What the lines begin their time at is the time of the test.
    private static func isRelative(_ command: String) -> Bool { command.contains(/--since \d+d/) }

    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try AskedTrail.write(to: folder)
    }

    @Test func thereAreLines() {
        #expect(Self.commands.count > 20)
        #expect(Self.queries.count > 15)
    }

    @Test(arguments: blocks("yaml"))
    func aPipelineFindsSomething(text: String) throws {
        try folder.write(text, to: "p.conf")
        try folder.write("account,name\n111122223333,blue\n", to: "teams.csv")
        let run = try mhpipe.run("run", "p.conf", "--summary", "s.json")
        #expect(run.status == 0 && !run.errors.contains("warning: "), "\(run.errors)")
        let summary = try JSONSerialization.jsonObject(with: folder.read("s.json")) as? [String: Any]
        #expect(summary?["eventsKept"] as? Int ?? 0 > 0, "\(run.errors)")
    }

    @Test(arguments: commands)
    func aLineFindsSomething(command: String) throws {
        if command.contains("--quarantine") {
            guard ExternalProgram("jq") != nil else { return }
            try folder.write(#"{"Records":[{"eventVersion":"1.08"},{"#, to: "AWSLogs/cut.json")
        }
        let run = try mhpipe.shell(command.replacing("mhpipe convert", with: #""$mhpipe" convert --summary s.json"#))
        #expect(run.status == 0, "\(run.errors)")
        #expect(!run.errors.contains("warning: ") || Self.isRelative(command), "\(run.errors)")
        let summary = try JSONSerialization.jsonObject(with: folder.read("s.json")) as? [String: Any]
        #expect(summary?["eventsKept"] as? Int ?? 0 > 0 || Self.isRelative(command), "\(run.errors)")
        if command.contains("jq") { #expect(run.text == "AWSLogs/cut.json\n") }
    }

    @Test func aQueryFindsSomething() throws {
        guard let sqlite = ExternalProgram("sqlite3") else { return }
        let made = try mhpipe.shell(Self.commands[0].replacing("mhpipe convert", with: #""$mhpipe" convert -q"#))
        #expect(made.status == 0 && made.errors == "", "\(made.errors)")
        for query in Self.queries {
            let rows = try sqlite.run([folder.path("all.db"), query])
            #expect(rows.status == 0 && !rows.output.isEmpty, "\(query): \(rows.errors)")
        }
    }

    @Test func allPipelinesAreThere() throws {
        let pipelines = Repository.root.appending(path: "pipelines").path(percentEncoded: false)
        for name in try FileManager.default.contentsOfDirectory(atPath: pipelines) where name.hasSuffix(".conf") {
            #expect(Self.page.contains("(../pipelines/\(name))"))
        }
        for page in ["README.md", "docs/reference/README.md"] {
            let text = try String(contentsOf: Repository.root.appending(path: page), encoding: .utf8)
            #expect(text.contains("questions.md)"))
        }
    }

    /// The last update may be older by far than what was read last.
    @Test(arguments: [
        (["--hub"], ["server-42|2026-05-01T03:01:00Z"]), (["--hub", "--until", "2026-05-01T03:00:30Z"], []),
        (["--migration", "--until", "2026-05-01"], ["server-42|2026-05-01T03:01:00Z"]),
    ])
    func aTaskIsStaleByWhatWasRead(options: [String], expected: [String]) throws {
        guard let sqlite = ExternalProgram("sqlite3") else { return }
        let run = try mhpipe.run(arguments: ["convert", "AWSLogs", "hub.db", "-q"] + options)
        #expect(run.status == 0, "\(run.errors)")
        let rows = try sqlite.run([folder.path("hub.db"), "SELECT task, due FROM stale_tasks"])
        #expect(String(decoding: rows.output, as: UTF8.self).split(separator: "\n").map(String.init) == expected)
        // The table beside that of the events keeps nobody from making the database anew.
        #expect(try mhpipe.run(arguments: ["convert", "AWSLogs", "hub.db", "-q", "--force"] + options).status == 0)
    }

    @Test func aTaskGetsStaleInLaterRuns() throws {
        guard let sqlite = ExternalProgram("sqlite3") else { return }
        try folder.write(
            """
            state: st
            mode: append
            sources: {logs: {type: directory, path: logs}}
            transforms: {hub: {type: migration_hub}}
            sinks: {audit: {type: sqlite, path: hub.db}}
            """,
            to: "p.conf"
        )
        func stale() throws -> String {
            let run = try mhpipe.run("run", "p.conf", "-q")
            #expect(run.status == 0, "\(run.errors)")
            let rows = try sqlite.run([folder.path("hub.db"), "SELECT task FROM stale_tasks"])
            return String(decoding: rows.output, as: UTF8.self) + rows.errors
        }
        try folder.write(Trail.file([AskedTrail.update]), to: "logs/\(AskedTrail.key("T0300Z"))")
        #expect(try stale() == "")
        try folder.write(Trail.file([Trail.otherCall]), to: "logs/\(AskedTrail.key("T2300Z"))")
        #expect(try stale() == "server-42\n")
        // A late file takes nothing back.
        try folder.write(Trail.file([Trail.otherCall]), to: "logs/\(AskedTrail.key("T0100Z"))")
        #expect(try stale() == "server-42\n")
    }
}
