import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// `mhpipe run` as a process.
@Suite struct RunTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe
    private static let pipeline = """
        pipeline: small
        sources:
          logs:
            type: directory
            path: ${LOGS:-my logs}
        transforms:
          hub:
            type: migration_hub
        sinks:
          lines:
            type: jsonl
            path: out.jsonl

        """

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall, Trail.otherCall]), to: "my logs/a b.json")
        try folder.write(Trail.file([Trail.otherCall]), to: "my logs/c.json")
        try folder.write(Self.pipeline, to: "small.conf")
    }

    private func lines(of name: String) throws -> [Substring] {
        String(decoding: try folder.read(name), as: UTF8.self).split(separator: "\n")
    }

    @Test func writesWhatIsKeptAndSaysHowMuch() throws {
        let result = try mhpipe.run("run", "small.conf")
        #expect(result.status == 0)
        #expect(result.text == "")
        #expect(try lines(of: "out.jsonl").count == 1)
        let summary = result.errors.split(separator: "\n")
        #expect(summary.first?.hasPrefix("mhpipe: small: done in ") == true)
        #expect(summary.dropFirst(3) == ["  2  filtered by hub", "  1  kept", "  1  written to out.jsonl"])
    }

    @Test func readsThePipelineFromStandardInput() throws {
        let result = try mhpipe.run("run", "-", "--quiet", input: Self.pipeline)
        #expect(result.errors == "")
        #expect(result.status == 0)
        #expect(try lines(of: "out.jsonl").count == 1)
    }

    @Test func optionsTakeThePlaceOfTheFile() throws {
        try folder.write(Trail.file([Trail.hubCall, "{\"eventVersion\":x}"]), to: "other/d.json")
        let result = try mhpipe.run(
            "run",
            "small.conf",
            "-q",
            "--workers=1",
            "--set",
            "LOGS=other",
            "--set",
            "sinks.lines.path=else.jsonl",
            "--quarantine",
            "bad.jsonl",
            "--summary",
            "summary.json"
        )
        #expect(result.status == 3)
        #expect(result.errors.hasPrefix("mhpipe: other/d.json: record 1 at byte "))
        #expect(try lines(of: "else.jsonl").count == 1)
        #expect(try lines(of: "bad.jsonl").count == 1)
        let summary = try JSONSerialization.jsonObject(with: folder.read("summary.json")) as? [String: Any]
        #expect(summary?["eventsQuarantined"] as? Int == 1)
        #expect(summary?["outcome"] as? String == "completed")
        #expect(!FileManager.default.fileExists(atPath: folder.path("out.jsonl")))
    }

    @Test func aQuarantineThatASinkWritesIsRefused() throws {
        let result = try mhpipe.run("run", "small.conf", "--quarantine", "out.jsonl")
        #expect(result.errors.contains("error: the quarantine writes the same file as sink 'lines'"))
        #expect(result.status == 2)
    }

    @Test func theFirstProblemEndsARunThatIsToldSo() throws {
        try folder.write("nonsense", to: "my logs/b.json")
        let result = try mhpipe.run("run", "small.conf", "--on-error", "fail")
        #expect(result.errors.contains("my logs/b.json"))
        #expect(result.status == 1)
        #expect(!FileManager.default.fileExists(atPath: folder.path("out.jsonl")))
    }

    @Test func aRunThatFailsSaysWhy() throws {
        let result = try mhpipe.run("run", "small.conf", "--set", "LOGS=no/such")
        #expect(result.errors.contains("mhpipe: cannot read folder 'no/such': No such file or directory\n"))
        #expect(result.status == 1)
    }

    @Test func warningsAreShownAndTheRunGoesOn() throws {
        let result = try mhpipe.run("run", "small.conf", "-q", "--set", "LOGS=my logs", "--set", "LGOS=x")
        #expect(result.errors.hasPrefix("warning: nothing in the file uses the variable 'LGOS' of --set\n"))
        #expect(result.errors.hasSuffix("mhpipe: small.conf: 1 warning\n"))
        #expect(result.status == 0)
    }

    @Test func progressAsJSONIsOneObjectALine() throws {
        let result = try mhpipe.run("run", "small.conf", "--progress", "json", "--quiet")
        let lines = result.errors.split(separator: "\n")
        #expect(!lines.isEmpty)
        for line in lines {
            let progress = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(progress?["filesTotal"] as? Int == 2)
        }
    }

    @Test func madeUpEventsAreTheSameForAnyNumberOfWorkers() throws {
        let pipeline = """
            sources: {made_up: {type: synthetic, events: 900}}
            sinks: {lines: {type: jsonl, path: "${OUT}"}}

            """
        try folder.write(pipeline, to: "synthetic.conf")
        for workers in ["1", "4"] {
            let output = "OUT=\(workers).jsonl"
            let run = try mhpipe.run("run", "synthetic.conf", "--set", output, "--workers", workers, "--quiet")
            #expect(run.status == 0, "\(run.errors)")
        }
        let lines = try folder.read("1.jsonl")
        #expect(lines.count { $0 == UInt8(ascii: "\n") } == 900)
        #expect(try folder.read("4.jsonl") == lines)
    }
}
