import Foundation
import MHPipeTestSupport
import Testing

/// Runs with `mode: append` take what no earlier one has committed, and nothing twice.
@Suite(.timeLimit(.minutes(30))) struct AppendTests: AppendSuite {
    let folder: TemporaryDirectory
    let mhpipe: Mhpipe

    init() throws {
        (folder, mhpipe) = try Self.begin()
    }

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
}
