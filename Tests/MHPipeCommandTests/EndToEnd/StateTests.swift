import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// A run with `--state` that was stopped, however that came, ends with the same bytes as one that was not.
@Suite(.timeLimit(.minutes(30))) struct StateTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    private static let units = 24
    private static let outputs = [
        "all.jsonl", "all.jsonl.gz", "once.csv", "once.csv.gz", "sorted.jsonl", "bad.jsonl", "lake/2026-01-13.csv",
        "lake/2026-01-29.csv", "parts-00001.jsonl", "parts-00002.jsonl",
    ]

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        for unit in 0..<Self.units {
            // Every event comes in two files, and some files are damaged.
            let records = (unit / 2 * 5..<unit / 2 * 5 + 5).map { number in
                Self.event("id-\(number)", day: 10 + (number * 7) % 20)
            }
            let text = Trail.file(records)
            try folder.write(unit % 7 == 3 ? String(text.dropLast(9)) : text, to: "logs/\(100 + unit).json")
        }
        try folder.write(
            """
            quarantine: bad.jsonl
            checkpoint_every: 0s
            sources: {logs: {type: directory, path: logs}}
            transforms:
              who: {type: identity, inputs: [logs]}
              once: {type: dedupe, inputs: [who]}
              order: {type: sort, inputs: [once]}
            sinks:
              all: {type: jsonl, inputs: [who], path: all.jsonl}
              packed: {type: jsonl, inputs: [who], path: all.jsonl.gz}
              table: {type: csv, inputs: [once], path: once.csv}
              packed_table: {type: csv, inputs: [once], path: once.csv.gz}
              ordered: {type: jsonl, inputs: [order], path: sorted.jsonl}
              rows: {type: sqlite, inputs: [once], path: once.db, indexes: [eventTime]}
              lake: {type: csv, inputs: [who], path: "lake/{eventTime:%Y-%m-%d}.csv"}
              parts: {type: jsonl, inputs: [order], path: parts.jsonl, rotate: 4kB}
            """,
            to: "p.conf"
        )
    }

    private static func event(_ id: String, day: Int) -> String {
        #"{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2026-01-\#(day)T00:00:00Z","#
            + #""eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","eventID":"\#(id)"}"#
    }

    /// The content of all outputs, the database as text.
    private func content() throws -> [String: Data] {
        var content: [String: Data] = [:]
        for name in Self.outputs { content[name] = try folder.read(name) }
        content["once.db"] = Data(try SQLiteDump.text(of: folder.path("once.db")).utf8)
        return content
    }

    /// Runs with the state to the end, and gives what the summary counts.
    private func goOn() throws -> [String: Int] {
        #expect(try mhpipe.run("run", "p.conf", "-q", "--state", "st", "--summary", "s.json").status == 3)
        return try counts()
    }

    private func counts() throws -> [String: Int] {
        let summary = try JSONSerialization.jsonObject(with: folder.read("s.json")) as? [String: Any] ?? [:]
        return summary.filter { $0.key.hasPrefix("events") || $0.key == "files" }.compactMapValues { $0 as? Int }
    }

    private func removeOutputs() throws {
        for name in Self.outputs + ["once.db"] { try FileManager.default.removeItem(atPath: folder.path(name)) }
    }

    private var names: Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: folder.path(""))) ?? [])
    }

    /// Starts a run and kills it once the state says of so many units, or of the end; false when it ended before.
    private func runAndKill(afterUnits units: Int) throws -> Bool {
        try mhpipe.runAndKill(["run", "p.conf", "-q", "--state", "st"], at: units * 32)
    }

    @Test func aKilledRunGoesOnToTheSameBytes() throws {
        #expect(try mhpipe.run("run", "p.conf", "-q", "--summary", "s.json").status == 3)
        let (whole, counts) = (try content(), try counts())
        #expect(counts["eventsKept"] ?? 0 > 0)
        try removeOutputs()
        #expect(try goOn() == counts)
        #expect(try content() == whole)
        try removeOutputs()
        var kills = 0
        for units in [1, 2, 5, 11, 17, Self.units] {
            kills += try runAndKill(afterUnits: units) ? 1 : 0
            #expect(try goOn() == counts)
            #expect(try content() == whole)
            #expect(!names.contains { $0.hasSuffix(".kept") })
            try removeOutputs()
        }
        #expect(kills > 0)
        // Killed again and again, each time a little later.
        var isDone = false
        for units in 1...Self.units where !isDone { isDone = try !runAndKill(afterUnits: units) }
        if !isDone { #expect(try mhpipe.run("run", "p.conf", "-q", "--state", "st").status == 3) }
        #expect(try content() == whole)
    }

    /// Also where the files of a path with fields were begun in another order.
    @Test func itsManifestIsThatOfARunThatWasNeverStopped() throws {
        func lines() throws -> [String] {
            String(decoding: try folder.read("m.jsonl"), as: UTF8.self).split(separator: "\n").map(String.init)
                .filter {
                    $0.contains(#""type":"input""#) || ($0.contains(#""type":"output""#) && !$0.contains("once.db"))
                }
        }
        #expect(try mhpipe.run("run", "p.conf", "-q", "--manifest", "m.jsonl").status == 3)
        let whole = try lines()
        #expect(whole.count > Self.units)
        try removeOutputs()
        let isKilled = try mhpipe.runAndKill(
            ["run", "p.conf", "-q", "--state", "st", "--manifest", "m.jsonl"],
            at: 11 * 32
        )
        let run = try mhpipe.run("run", "p.conf", "-q", "--state", "st", "--manifest", "m.jsonl")
        #expect(run.status == 3)
        #expect(try lines() == whole)
        // What the first one has named is told by its number.
        #expect(!isKilled || run.errors.contains("103.json") || run.errors.contains("not named again"), "\(run.errors)")
    }

    /// The pipeline with a program in front of all, which waits where there is a pipe called gate.
    private func gated() throws -> String {
        String(decoding: try folder.read("p.conf"), as: UTF8.self)
            .replacing("inputs: [logs]}", with: "inputs: [gate]}")
            .replacing(
                "transforms:",
                with: """
                    workers: 1
                    transforms:
                      gate: {type: exec, inputs: [logs], command: [sh, -c, "if [ -p gate ]; then cat gate; fi; exec cat"]}
                    """
            )
    }

    /// Starts a run with the state, and interrupts it while a file is in flight.
    ///
    /// ```
    /// test                             mhpipe              the transform's program
    /// opens the pipe for writing  ->                       opens it for reading: a file is in flight
    /// sends the signal            ->   says that it heard
    /// closes the pipe             ->                       passes the events on
    ///                                  ends
    /// ```
    private func runAndInterrupt(_ signal: Int32) throws {
        #expect(mkfifo(folder.path("gate"), 0o600) == 0)
        let process = try mhpipe.process(["run", "p.conf", "-q", "--state", "st"])
        try process.run()
        let gate = try FileHandle(forWritingTo: folder.url.appending(path: "gate"))
        kill(process.processIdentifier, signal)
        while process.isRunning, !(String(decoding: try folder.read("stderr"), as: UTF8.self).contains("in flight")) {
            sched_yield()
        }
        try gate.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        try FileManager.default.removeItem(atPath: folder.path("gate"))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func anInterruptedRunSaysThatItGoesOn(signal: Int32) throws {
        try folder.write(gated(), to: "p.conf")
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 3)
        let whole = try content()
        try removeOutputs()
        try runAndInterrupt(signal)
        #expect(String(decoding: try folder.read("stderr"), as: UTF8.self).contains("the same command goes on"))
        #expect(!names.contains("all.jsonl"))
        #expect(names.contains { $0.hasSuffix(".kept") })
        #expect(try mhpipe.run("run", "p.conf", "-q", "--state", "st").status == 3)
        #expect(try content() == whole)
    }

    @Test func anotherPipelineOrInputIsRefused() throws {
        let pipeline = try gated()
        try folder.write(pipeline, to: "p.conf")
        try runAndInterrupt(SIGTERM)
        try folder.write(pipeline.replacing("indexes: [eventTime]", with: "indexes: [eventName]"), to: "p.conf")
        let other = try mhpipe.run("run", "p.conf", "-q", "--state", "st")
        #expect(other.status == 1)
        #expect(other.errors.contains("another pipeline"))
        #expect(other.errors.contains("--restart"))
        // Comments and the number of workers are no other pipeline.
        try folder.write("# the same\n" + pipeline.replacing("workers: 1", with: "workers: 2"), to: "p.conf")
        try folder.write(Trail.file([Self.event("new", day: 1)]), to: "logs/100.json")
        let changed = try mhpipe.run("run", "p.conf", "-q", "--state", "st")
        #expect(changed.status == 1)
        #expect(changed.errors.contains("logs/100.json"))
        #expect(try mhpipe.run("run", "p.conf", "-q", "--state", "st", "--restart").status == 3)
        #expect(!names.contains { $0.hasSuffix(".kept") })
    }

    /// Of the events before and behind the kill it would say different things.
    @Test func anotherTableIsRefused() throws {
        let lookup = "{type: lookup, inputs: [gate], table: regions.csv, field: awsRegion, as: region}"
        try folder.write(gated().replacing("{type: identity, inputs: [gate]}", with: lookup), to: "p.conf")
        try folder.write("region,name\nus-east-1,Virginia\n", to: "regions.csv")
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 3)
        let whole = try content()
        try removeOutputs()
        try runAndInterrupt(SIGTERM)
        try folder.write("region,name\nus-east-1,Ohio\n", to: "regions.csv")
        let changed = try mhpipe.run("run", "p.conf", "-q", "--state", "st")
        #expect(changed.status == 1)
        #expect(changed.errors.contains("the file that transform 'who' reads has changed"))
        #expect(changed.errors.contains("--restart"))
        #expect(!names.contains("all.jsonl"))
        try folder.write("region,name\nus-east-1,Virginia\n", to: "regions.csv")
        #expect(try mhpipe.run("run", "p.conf", "-q", "--state", "st").status == 3)
        #expect(try content() == whole)
    }

    @Test(arguments: [
        ("{type: jsonl, path: \"-\"}", "cannot go on"),
        ("{type: exec, command: [cat]}", "cannot go on"),
    ])
    func whatCannotGoOnIsRefused(sink: String, reason: String) throws {
        try folder.write(
            "sources: {logs: {type: directory, path: logs}}\nsinks: {out: \(sink)}\n",
            to: "q.conf"
        )
        let run = try mhpipe.run("run", "q.conf", "-q", "--state", "st")
        #expect(run.status == 2)
        #expect(run.errors.contains(reason))
        let pipeline = String(decoding: try folder.read("q.conf"), as: UTF8.self)
        #expect(try mhpipe.run("check", "q.conf").status == 0)
        try folder.write("state: st\n" + pipeline, to: "q.conf")
        #expect(try mhpipe.run("check", "q.conf").status == 2)
    }

    @Test func standardInputCannotBeReadTwice() throws {
        try folder.write(
            "sources: {in: {type: file, path: \"-\"}}\nsinks: {out: {type: jsonl, path: o.jsonl}}\n",
            to: "q.conf"
        )
        let run = try mhpipe.run("run", "q.conf", "-q", "--state", "st", input: Trail.file([Trail.hubCall]))
        #expect(run.status == 2)
        #expect(run.errors.contains("second time"))
    }
}
