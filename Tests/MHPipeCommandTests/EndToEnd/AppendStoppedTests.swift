import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// Runs with `mode: append` whose outputs or state were changed meanwhile, and those that were stopped.
@Suite(.timeLimit(.minutes(30))) struct AppendStoppedTests: AppendSuite {
    let folder: TemporaryDirectory
    let mhpipe: Mhpipe

    init() throws {
        (folder, mhpipe) = try Self.begin()
    }

    // MARK: - What was changed meanwhile

    @Test(arguments: AppendStoppedTests.outputs, ["longer", "shorter", "other", "gone"])
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
            #expect(run.status == 2)
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
        let isKilled = try mhpipe.runAndKill(["run", "p.conf", "-q"], at: 96)
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

    /// Whoever adds an account to a table has it in the next night, and does not stop the nights.
    @Test func aStoppedRunWhoseTableHasChangedBeginsAnew() throws {
        let pipeline = (Self.head + Self.sinks)
            .replacing(
                "{type: identity, inputs: [logs]}",
                with: "{type: lookup, inputs: [logs], table: t.csv, field: awsRegion, as: region}"
            )
        try folder.write(pipeline, to: "p.conf")
        try folder.write("region,name\nus-east-1,id-old\n", to: "t.csv")
        for number in 10..<40 { try writeLog("\(number)", ["id-\(number)"]) }
        let isKilled = try mhpipe.runAndKill(["run", "p.conf", "-q"], at: 96)
        try folder.write("region,name\nus-east-1,id-new\n", to: "t.csv")
        let second = try run()
        #expect(second.status == 0, "\(second.errors)")
        try #require(isKilled)
        #expect(second.errors.contains("has changed since the run before was stopped"))
        let expected = (10..<40).flatMap { ["id-\($0)", "id-new"] }
        for output in ["all.jsonl", "all.csv", "all.jsonl.gz"] { #expect(try ids(output) == expected, "\(output)") }
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

    /// A second signal ends it at once, wherever it is with its outputs.
    @Test func aSecondSignalWhileOutputsGrowSaysHowToGoOn() throws {
        try writeLog("b", ["id-1"])
        #expect(try run().status == 0)
        try writeLog("a", ["id-2"])
        let ended = try mhpipe.shell(
            """
            exec 2>&1; mkfifo ready go; python3 -c "
            import sqlite3
            c = sqlite3.connect('all.db', isolation_level=None); c.execute('begin immediate')
            open('ready', 'w').close(); open('go').close()" &
            cat ready; $mhpipe run p.conf -q 2> said & run=$!
            until grep -q id-2 all.jsonl; do :; done
            kill $run; until grep -q 'once more' said; do :; done; kill $run
            wait $run; status=$?; cat said; : > go; wait; exit $status
            """
        )
        #expect(ended.status == 130)
        #expect(ended.text.contains("the same command does the rest"), "\(ended.text)")
        #expect(try run().status == 0)
        try expectEverywhere(["id-1", "id-2"])
        #expect(leftOvers.isEmpty)
    }

    /// No exit code has said so yet.
    @Test func whatAStoppedCommitCouldNotReadIsInTheExitCodeOfTheNextRun() throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        try folder.write("{", to: "logs/a.json")
        try writeLog("b", ["id-1"])
        let fault = library.environment(.rename, EIO, on: "all.csv")
        #expect(try mhpipe.run(arguments: ["run", "p.conf", "-q"], environment: fault).status == 1)
        let second = try run()
        #expect(second.status == 3)
        #expect(second.errors.contains("1 damaged file"), "\(second.errors)")
        try expectEverywhere(["id-1"])
        #expect(try run().status == 0)
    }

    /// The same in the first run, whose outputs get their names: any of them may be the one that is refused.
    @Test(arguments: AppendStoppedTests.outputs.filter { $0 != "bad.jsonl" })
    func aFirstRunThatWasStoppedWhileItCommittedIsDoneFirst(output: String) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        try writeLog("b", ["id-1"])
        let fault = library.environment(.rename, EIO, on: output)
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
}
