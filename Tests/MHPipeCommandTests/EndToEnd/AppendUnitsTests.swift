import Foundation
import MHPipeTestSupport
import Testing

/// What runs with `mode: append` make of units that change or were not read whole, of events that come again, and of mistakes.
@Suite(.timeLimit(.minutes(30))) struct AppendUnitsTests: AppendSuite {
    let folder: TemporaryDirectory
    let mhpipe: Mhpipe

    init() throws {
        (folder, mhpipe) = try Self.begin()
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
        #expect(kept.count < 6 && kept.count { $0.hasSuffix(".texts") } == (verify ? 1 : 0), "\(kept)")
        // One that is damaged is told, and so is a stage that knows nothing.
        try writeLog("0", ["id-new"] + Set(all))
        for file in kept {
            let data = try folder.read("st/\(file)")
            for damage in [Data(data.dropLast(1)), Data(data.dropFirst(1)), Data(data.map { $0 == 0x69 ? 8 : $0 })]
            where damage != data {
                try folder.write(damage, to: "st/\(file)")
                let run = try run()
                #expect(run.status == 1, "\(file)")
                #expect(run.errors.contains("'st/\(file)' is damaged"), "\(run.errors)")
            }
            // What was never committed does not count.
            try folder.write(file.hasSuffix(".texts") ? data + Data("torn".utf8) : data, to: "st/\(file)")
        }
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
