import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// Runs with `mode: append` take what no earlier one has committed, and nothing twice.
@Suite(.timeLimit(.minutes(30))) struct AppendTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    private static let sinks = """
        sinks:
          all: {type: jsonl, inputs: [who], path: all.jsonl}
          packed: {type: jsonl, inputs: [who], path: all.jsonl.gz}
          framed: {type: jsonl, inputs: [who], path: all.jsonl.zst}
          table: {type: csv, inputs: [who], path: all.csv}
          packed_table: {type: csv, inputs: [who], path: all.csv.gz}
          rows: {type: sqlite, inputs: [who], path: all.db, indexes: [eventTime]}

        """
    private static let head = """
        state: st
        mode: append
        checkpoint_every: 0s
        quarantine: bad.jsonl
        sources: {logs: {type: directory, path: logs}}
        transforms: {who: {type: identity, inputs: [logs]}}

        """
    private static let outputs = [
        "all.jsonl", "all.jsonl.gz", "all.jsonl.zst", "all.csv", "all.csv.gz", "all.db", "bad.jsonl",
    ]

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Self.head + Self.sinks, to: "p.conf")
    }

    private static func event(_ id: String) -> String {
        #"{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2026-01-11T00:00:00Z","#
            + #""eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","eventID":"\#(id)"}"#
    }

    private func writeLog(_ name: String, _ ids: [String]) throws {
        try folder.write(Trail.file(ids.map(Self.event)), to: "logs/\(name).json")
    }

    private func run(_ more: String...) throws -> Mhpipe.Result {
        try mhpipe.run(arguments: ["run", "p.conf", "-q", "--summary", "s.json"] + more)
    }

    private func summary() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: folder.read("s.json")) as? [String: Any] ?? [:]
    }

    /// The ids in the order of an output.
    private func ids(_ output: String = "all.jsonl") throws -> [String] {
        let text: String
        switch true {
        case output.hasSuffix(".gz"): text = try mhpipe.shell("gunzip -c \(output)").text
        case output.hasSuffix(".db"): text = try SQLiteDump.text(of: folder.path(output))
        case output.hasSuffix(".zst"):
            try FileManager.default.copyItem(atPath: folder.path(output), toPath: folder.path("copy.jsonl.zst"))
            defer { try? FileManager.default.removeItem(atPath: folder.path("copy.jsonl.zst")) }
            text = try mhpipe.run("convert", "copy.jsonl.zst", "-", "-q").text
        default: text = String(decoding: try folder.read(output), as: UTF8.self)
        }
        return text.matches(of: /\bid-[0-9a-z]+/).map { String($0.output) }
    }

    private func expectEverywhere(_ ids: [String], at location: SourceLocation = #_sourceLocation) throws {
        for output in Self.outputs where output != "bad.jsonl" {
            #expect(try self.ids(output) == ids, "\(output)", sourceLocation: location)
        }
    }

    private func contents() throws -> [Data] { try Self.outputs.map { try folder.read($0) } }

    private var leftOvers: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(""))) ?? []
        return names.filter { $0.hasPrefix(".") }
    }

    // MARK: - Nights

    @Test func thirtyNightsAreLikeOneRunOverAll() throws {
        var random = SplitMix64(seed: 11)
        var (all, changed): ([String], Set<String>) = ([], [])
        var names: [String] = []
        for night in 0..<30 {
            let read = names
            for number in 0..<Int.random(in: 0...4, using: &random) {
                // Late ones sort before those that were read.
                let name = "\(Int.random(in: 100...999, using: &random))-\(night)-\(number)"
                // Some events come in two files.
                let ids = (0..<3).map { _ in "id-\(Int.random(in: 0...200, using: &random))" }
                try writeLog(name, ids)
                names.append(name)
                all += ids
            }
            if night % 7 == 6, let name = read.randomElement(using: &random) {
                try writeLog(name, ["id-changed", "id-changed2", "id-changed3", "id-changed4"])
                changed.insert(name)
            }
            let run = try run()
            #expect(run.status == 0, "\(run.errors)")
            for name in changed { #expect(run.errors.contains("'logs/\(name).json' has changed")) }
            #expect(try summary()["filesChanged"] as? Int == changed.count)
        }
        #expect(!changed.isEmpty)
        #expect(leftOvers.isEmpty)
        for output in Self.outputs where output != "bad.jsonl" {
            #expect(try ids(output).sorted() == all.sorted(), "\(output)")
        }
        #expect(
            String(decoding: try folder.read("all.csv"), as: UTF8.self).components(separatedBy: "eventVersion").count
                == 2
        )
        // The set holds what it says, and no more than a hundred bytes for each file and run.
        let state = try FileManager.default.subpathsOfDirectory(atPath: folder.path("st"))
        let bytes = try state.filter { $0.hasPrefix("committed-") }.reduce(0) { try $0 + folder.read("st/\($1)").count }
        #expect(bytes < 100 * names.count)
    }

    @Test func aRunWithNothingNewTouchesNothing() throws {
        try writeLog("b", ["id-1", "id-2"])
        #expect(try run().status == 0)
        func stats() throws -> [String] {
            try (Self.outputs.map { $0 } + ["st/committed"]).map { name in
                let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(name))
                return "\(name) \(attributes[.modificationDate] ?? "") \(attributes[.systemFileNumber] ?? "")"
            }
        }
        let before = try stats()
        let second = try mhpipe.run("run", "p.conf", "--summary", "s.json")
        #expect(second.status == 0)
        #expect(second.errors.contains("nothing is new"))
        #expect(try summary()["outcome"] as? String == "nothingNew")
        #expect(try summary()["filesCommitted"] as? Int == 1)
        #expect(try stats() == before)
        #expect(try run("--on-empty", "fail").status == 0)
        #expect(leftOvers.isEmpty)
    }

    /// What a run costs goes by what is new: the file is the same one, and only grows.
    @Test func outputsGrowWhereTheyAre() throws {
        try writeLog("b", ["id-1"])
        #expect(try run().status == 0)
        func file(_ name: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: folder.path(name))[.systemFileNumber] as? Int
        }
        let (before, old) = (try Self.outputs.map(file), try contents())
        try writeLog("a", ["id-2"])
        #expect(try run().status == 0)
        #expect(try Self.outputs.map(file) == before)
        for (name, data) in zip(Self.outputs, old) where !name.hasSuffix(".db") {
            #expect(try folder.read(name).starts(with: data), "\(name)")
        }
        try expectEverywhere(["id-1", "id-2"])
    }

    // MARK: - What was changed meanwhile

    @Test(arguments: AppendTests.outputs, ["longer", "shorter", "other", "gone"])
    func aChangedOutputIsRefused(output: String, change: String) throws {
        try writeLog("b", ["id-1", "id-2"])
        try folder.write("{", to: "logs/c.json")
        #expect(try run().status == 3)
        let data = try folder.read(output)
        switch change {
        case "longer": try folder.write(data + Data("x\n".utf8), to: output)
        case "shorter": try folder.write(data.dropLast(3), to: output)
        case "other": try folder.write(Data(data.dropLast(3)) + Data("abc".utf8), to: output)
        default: try FileManager.default.removeItem(atPath: folder.path(output))
        }
        // What SQLite does not look at makes no difference to it.
        if output == "all.db", change != "gone" { return }
        let before = try Self.outputs.filter { $0 != output }.map { try folder.read($0) }
        try writeLog("a", ["id-3"])
        let second = try run()
        #expect(second.status == 1)
        #expect(second.errors.contains("'\(output)'"))
        #expect(second.errors.contains("changed since the last run") || second.errors.contains("gone"))
        #expect(try Self.outputs.filter { $0 != output }.map { try folder.read($0) } == before)
        #expect(leftOvers.isEmpty)
        let third = try run("--restart")
        #expect(third.status == 0, "\(third.errors)")
        #expect(third.errors.contains("is taken as it is now"))
        if output != "all.jsonl" { #expect(try ids() == ["id-1", "id-2", "id-3"]) }
        #expect(try run().status == 0)
    }

    @Test func rowsThatOthersAddedAreRefused() throws {
        try writeLog("b", ["id-1", "id-2"])
        #expect(try run().status == 0)
        _ = try mhpipe.shell(
            "python3 -c \"import sqlite3; c = sqlite3.connect('all.db'); c.execute('insert into events(eventID) values (9)'); c.commit()\""
        )
        try writeLog("a", ["id-3"])
        let second = try run()
        #expect(second.status == 1)
        #expect(second.errors.contains("its last row is number 3"))
    }

    @Test func whatNoRunHasWrittenIsNotReplaced() throws {
        try writeLog("b", ["id-1"])
        for output in Self.outputs {
            try folder.write("mine", to: output)
            let run = try run()
            // The check sees already that a text is no database.
            #expect(run.status == (output == "all.db" ? 2 : 1))
            #expect(run.errors.contains(output == "all.db" ? "a text file" : "'\(output)' is there already"))
            #expect(try folder.read(output) == Data("mine".utf8))
            #expect(try self.run("--restart").status != 0)
            try FileManager.default.removeItem(atPath: folder.path(output))
        }
        #expect(try run().status == 0)
        try expectEverywhere(["id-1"])
    }

    @Test func anotherPipelineIsRefused() throws {
        try writeLog("b", ["id-1"])
        #expect(try run().status == 0)
        try writeLog("a", ["id-2"])
        let before = try contents()
        let pipeline = Self.head + Self.sinks
        func expectRefused(
            _ text: String,
            _ reason: String,
            _ more: String...,
            at location: SourceLocation = #_sourceLocation
        ) throws {
            try folder.write(text, to: "p.conf")
            let run = try mhpipe.run(arguments: ["run", "p.conf", "-q"] + more)
            #expect(run.status == 1, sourceLocation: location)
            #expect(run.errors.contains(reason), "\(run.errors)", sourceLocation: location)
            #expect(try contents() == before, sourceLocation: location)
        }
        try expectRefused(pipeline.replacing("mode: append\n", with: ""), "would replace")
        try expectRefused(pipeline.replacing("mode: append\n", with: ""), "would replace", "--restart")
        let renamed = pipeline.replacing("logs:", with: "trail:").replacing("[logs]", with: "[trail]")
        try expectRefused(renamed, "another one")
        try expectRefused(renamed, "'logs'", "--restart")
        try expectRefused(pipeline.replacing("path: logs", with: "path: ./logs"), "'logs'", "--restart")
        let columns = pipeline.replacing("path: all.csv}", with: "path: all.csv, columns: [eventID]}")
        try expectRefused(columns, "another one")
        try expectRefused(columns, "columns", "--restart")
        try expectRefused(
            pipeline.replacing("path: all.db", with: "path: all.db, columns: [eventID, eventTime]"),
            "columns",
            "--restart"
        )
        // What is taken as it is now stays so, also when nothing is new.
        try folder.write("max_record_bytes: 1MiB\n" + pipeline, to: "p.conf")
        try FileManager.default.removeItem(atPath: folder.path("logs/a.json"))
        #expect(try run().status == 1)
        #expect(try run("--restart").status == 0)
        #expect(try run().status == 0)
        try folder.write(pipeline, to: "p.conf")
        #expect(try run("--restart").status == 0)
        try writeLog("a", ["id-2"])
        // What changes no event is no other pipeline, and another filter is one that may be gone on with.
        try folder.write("# the same\nworkers: 2\n" + pipeline, to: "p.conf")
        #expect(try run().status == 0)
        try expectEverywhere(["id-1", "id-2"])
        try writeLog("c", ["id-3"])
        try folder.write(pipeline.replacing("indexes: [eventTime]", with: "indexes: [eventName]"), to: "p.conf")
        #expect(try run().status == 1)
        #expect(try run("--restart").status == 0)
        #expect(try ids() == ["id-1", "id-2", "id-3"])
        #expect(try run().status == 0)
    }

    // MARK: - Stopped runs

    @Test func aStoppedRunGoesOnWithWhatCameMeanwhile() throws {
        try writeLog("m", ["id-first"])
        #expect(try run().status == 0)
        for number in 10..<40 { try writeLog("\(number)", ["id-\(number)"]) }
        let process = try mhpipe.process(["run", "p.conf", "-q"])
        try process.run()
        while process.isRunning {
            let size = try? FileManager.default.attributesOfItem(atPath: folder.path("st/units"))[.size] as? Int
            if size ?? 0 >= 96 { break }
            sched_yield()
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let isKilled = process.terminationReason == .uncaughtSignal
        if isKilled { #expect(try ids() == ["id-first"]) }
        // One that it has read is gone, another one is new and sorts before.
        try FileManager.default.removeItem(atPath: folder.path("logs/10.json"))
        try writeLog("00", ["id-late"])
        #expect(try run().status == 0)
        let expected = ["id-late", "id-first"] + (10..<40).map { "id-\($0)" }
        for output in Self.outputs where output != "bad.jsonl" {
            #expect(try ids(output).sorted() == expected.sorted())
        }
        #expect(leftOvers.isEmpty)
    }

    /// A run whose second commit is refused has appended to some outputs, and not to others.
    @Test func aRunThatWasStoppedWhileItCommittedIsDoneFirst() throws {
        try writeLog("b", ["id-1"])
        #expect(try run().status == 0)
        try writeLog("a", ["id-2"])
        let locked = try mhpipe.shell(
            """
            exec 2>&1; mkfifo ready go; python3 -c "
            import sqlite3
            c = sqlite3.connect('all.db', isolation_level=None); c.execute('begin immediate')
            open('ready', 'w').close(); open('go').close()" &
            cat ready; $mhpipe run p.conf -q; status=$?; : > go; wait; exit $status
            """
        )
        #expect(locked.status == 1)
        #expect(locked.text.contains("another program has the database open"))
        #expect(try ids() == ["id-1", "id-2"])
        #expect(try ids("all.db") == ["id-1"])
        let refused = try run("--restart")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("without --restart"))
        try writeLog("0", ["id-3"])
        let second = try run()
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.errors.contains("that is done now"))
        try expectEverywhere(["id-1", "id-2", "id-3"])
        #expect(leftOvers.isEmpty)
    }

    /// The same in the first run, whose outputs get their names: any of them may be the one that is refused.
    @Test(arguments: AppendTests.outputs.filter { $0 != "bad.jsonl" })
    func aFirstRunThatWasStoppedWhileItCommittedIsDoneFirst(output: String) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        try writeLog("b", ["id-1"])
        let fault = library.environment(.rename, EIO, on: "/\(output)")
        let refused = try mhpipe.run(arguments: ["run", "p.conf", "-q"], environment: fault)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("cannot replace '\(output)'"), "\(refused.errors)")
        try writeLog("a", ["id-2"])
        let second = try run()
        #expect(second.status == 0, "\(second.errors)")
        try expectEverywhere(["id-1", "id-2"])
        #expect(leftOvers.isEmpty)
    }

    @Test func aStateThatIsDamagedIsTold() throws {
        try writeLog("b", ["id-1"])
        #expect(try run().status == 0)
        try writeLog("a", ["id-2"])
        let before = try contents()
        for part in ["committed", "committed-1"] {
            let data = try folder.read("st/\(part)")
            for damage in [
                Data(), data.dropLast(1), data + Data("x".utf8),
                Data(data.dropLast(40)) + Data(repeating: 7, count: 40),
            ] {
                try folder.write(damage, to: "st/\(part)")
                for more in [[], ["--restart"]] {
                    let run = try mhpipe.run(arguments: ["run", "p.conf", "-q"] + more)
                    #expect(run.status == 1)
                    #expect(run.errors.contains("st/committed"))
                }
            }
            try folder.write(data, to: "st/\(part)")
        }
        #expect(try contents() == before)
        #expect(try run().status == 0)
        try expectEverywhere(["id-1", "id-2"])
    }

    // MARK: - Units that were not read whole

    @Test func whatCouldNotBeOpenedIsTriedAgain() throws {
        try writeLog("b", ["id-1"])
        try FileManager.default.createSymbolicLink(atPath: folder.path("logs/a.json"), withDestinationPath: "../later")
        #expect(try run().status == 3)
        #expect(try run().status == 3)
        #expect(try summary()["unreadable"] as? Int == 1)
        try folder.write(Trail.file([Self.event("id-2")]), to: "later")
        #expect(try run().status == 0)
        try expectEverywhere(["id-1", "id-2"])
        #expect(String(decoding: try folder.read("bad.jsonl"), as: UTF8.self).split(separator: "\n").count == 2)
    }

    @Test(arguments: [(9, ["id-1"]), (250, ["id-1", "id-2"])])
    func aDamagedFileIsTakenLaterWhereNothingOfItIsKept(bytes: Int, expected: [String]) throws {
        let whole = Trail.file([Self.event("id-1"), Self.event("id-2")])
        try folder.write(String(whole.dropLast(bytes)), to: "logs/a.json")
        #expect(try run().status == 3)
        #expect(try run().status == 0)
        try folder.write(whole, to: "logs/a.json")
        let third = try run()
        #expect(third.status == 0)
        #expect(third.errors.contains("has changed") == (expected.count == 1))
        try expectEverywhere(expected)
    }

    // MARK: - Changed units

    @Test func aChangedUnitIsReadAgainIntoSQLite() throws {
        let pipeline =
            "changed: reread\n" + Self.head
            + "sinks: {rows: {type: sqlite, inputs: [who], path: all.db, indexes: [eventID]}}\n"
        try folder.write(pipeline, to: "p.conf")
        try writeLog("a", ["id-1", "id-2"])
        try writeLog("b", ["id-3"])
        #expect(try run().status == 0)
        try writeLog("a", ["id-1", "id-4", "id-5"])
        try writeLog("c", ["id-6"])
        let second = try run()
        #expect(second.status == 0)
        #expect(second.errors.contains("'logs/a.json' has changed"))
        #expect(second.errors.contains("read again"))
        #expect(try ids("all.db") == ["id-3", "id-1", "id-4", "id-5", "id-6"])
        #expect(try summary()["filesReread"] as? Int == 1)
        // Once more, and to nothing.
        try writeLog("a", [])
        #expect(try run().status == 0)
        #expect(try ids("all.db") == ["id-3", "id-6"])
        #expect(try run().status == 0)
        #expect(try summary()["outcome"] as? String == "nothingNew")
    }

    // MARK: - Events that come again

    @Test(arguments: [false, true])
    func anEventOfAnEarlierNightIsDropped(verify: Bool) throws {
        let pipeline =
            Self.head.replacing(
                "{who: {type: identity, inputs: [logs]}}",
                with: "{once: {type: dedupe, across: runs, verify: \(verify), memory: 64KiB}}"
            )
            + "sinks: {all: {type: jsonl, inputs: [once], path: all.jsonl}}\n"
        try folder.write(pipeline, to: "p.conf")
        var random = SplitMix64(seed: 3)
        var all: [String] = []
        for night in 0..<12 {
            for number in 0..<3 {
                let ids = (0..<40).map { _ in "id-\(Int.random(in: 0...600, using: &random))" }
                try writeLog("\(Int.random(in: 100...999, using: &random))-\(night)-\(number)", ids)
                all += ids
            }
            // One that fails leaves what is known as it was.
            if night % 3 == 1 {
                try folder.write("{", to: "logs/z\(night).json")
                #expect(try run("--on-error", "fail").status == 1)
                #expect(try run("--restart").status == 3)
            } else {
                #expect(try run().status == 0)
            }
            #expect(try ids().count == Set(all).count)
        }
        #expect(try ids().sorted() == Set(all).sorted())
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder.path("st")).filter {
            $0.hasPrefix("kept-")
        }
        #expect(kept.count == 1)
        // One that is damaged is told, and so is a stage that knows nothing.
        let data = try folder.read("st/\(kept[0])")
        try writeLog("0", ["id-new"])
        for damage in [
            Data(data.dropLast(1)), Data(data.dropFirst(1)),
            data.map { $0 == 7 ? 8 : $0 }.withUnsafeBufferPointer { Data($0) },
        ] {
            try folder.write(damage, to: "st/\(kept[0])")
            let run = try run()
            #expect(run.status == 1)
            #expect(run.errors.contains("st/kept-"))
        }
        // What was never committed does not count.
        try folder.write(data + Data("torn".utf8), to: "st/\(kept[0])")
        #expect(try run().status == 0)
        try writeLog("00", ["id-new"])
        #expect(try run().status == 0)
        #expect(try ids().count { $0 == "id-new" } == 1)
        try folder.write(pipeline.replacing("once", with: "single"), to: "p.conf")
        try writeLog("01", ["id-other"])
        let renamed = try run("--restart")
        #expect(renamed.status == 0)
        #expect(renamed.errors.contains("knows nothing of the"))
    }

    // MARK: - Mistakes

    @Test(arguments: [
        ("mode: append", "", "", "needs a 'state'"),
        ("changed: reread", "", "", "'mode: append'"),
        ("state: st\nchanged: reread", "", "", "'mode: append'"),
        ("state: st\nmode: append\nchanged: reread", "", "", "only sqlite can"),
        (
            "state: st", "once: {type: dedupe, across: runs}", "rows: {type: csv, inputs: [once], path: o.csv}",
            "mode: append"
        ),
        (
            "state: st\nmode: append\nchanged: reread", "once: {type: dedupe}",
            "rows: {type: sqlite, inputs: [once], path: o.db}", "works across files"
        ),
    ])
    func mistakesAreTold(head: String, transform: String, sink: String, reason: String) throws {
        let sink = sink.isEmpty ? "out: {type: jsonl, inputs: [logs], path: o.jsonl}" : sink
        let transforms = transform.isEmpty ? "" : "transforms: {\(transform)}\n"
        try folder.write(
            "\(head)\nsources: {logs: {type: directory, path: logs}}\n\(transforms)sinks: {\(sink)}\n",
            to: "q.conf"
        )
        for command in ["check", "run"] {
            let result = try mhpipe.run(command, "q.conf")
            #expect(result.status == 2)
            #expect(result.errors.contains(reason), "\(result.errors)")
        }
    }

    @Test func theModeCanBeAnOption() throws {
        try folder.write(Self.head.replacing("state: st\nmode: append\n", with: "") + Self.sinks, to: "p.conf")
        try writeLog("b", ["id-1"])
        #expect(try run("--mode", "append").status == 2)
        #expect(try run("--state", "st", "--mode", "append").status == 0)
        try writeLog("a", ["id-2"])
        try folder.write(
            "mode: append\n" + Self.head.replacing("state: st\nmode: append\n", with: "") + Self.sinks,
            to: "p.conf"
        )
        #expect(try run("--state", "st").status == 0)
        try expectEverywhere(["id-1", "id-2"])
    }
}
