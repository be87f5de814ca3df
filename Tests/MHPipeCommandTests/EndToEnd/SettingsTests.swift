import Foundation
import MHPipeTestSupport
import Testing

/// What is kept, counted and reported of damaged records, in every setting that has nothing to do with them.
@Suite(.timeLimit(.minutes(30))) struct SettingsTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        /// `M` stands for a call of Migration Hub, `E` for another one.
        var records: String
        var kept: Int
        var problem: String?
        var testDescription: String { name }
    }

    private static let other = #""eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject""#
    private static let many = Array(repeating: "E", count: 20).joined(separator: ",")

    static let cases = [
        Case(name: "wrong kind of bracket", records: "E,{\(other),\"x\":[}},M,M", kept: 0, problem: "expected a value"),
        Case(
            name: "brackets of two kinds crossed",
            records: #"M,\#(many),{\#(other),"a":[1},"b":{"c":2]},\#(many),M"#,
            kept: 1,
            problem: "expected ',' or ']'"
        ),
        Case(
            name: "ends with the wrong bracket",
            records: "M,\(many),{\(other),\"a\":1],\(many),M",
            kept: 1,
            problem: "expected ',' or '}'"
        ),
        Case(
            name: "a brace missing, one too many behind it",
            records: #"E,{\#(other),"x":{"y":1},M},M"#,
            kept: 1,
            problem: "expected a key"
        ),
        Case(
            name: "a word that is none",
            records: #"E,{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":GetObject},M"#,
            kept: 1,
            problem: "a word that is no JSON value"
        ),
        Case(name: "a comma missing", records: #"\#(many),{\#(other) "a":1},M"#, kept: 1, problem: "expected ','"),
        Case(
            name: "a key twice, a space before its colon",
            records: #"M,\#(many),{\#(other),"eventSource" :"mgh.amazonaws.com"},\#(many),M"#,
            kept: 3
        ),
        Case(
            name: "a key twice, once with an escape",
            records: #"M,{\#(other),"event\u0053ource":"mgh.amazonaws.com"},\#(many)"#,
            kept: 2
        ),
        Case(
            name: "a key that stands deeper",
            records: #"{\#(other),"q":{"eventSource":"mgh.amazonaws.com"}},M"#,
            kept: 1
        ),
        Case(
            name: "a key in a string",
            records: #"{\#(other),"r":"\"eventSource\":\"mgh.amazonaws.com\""},M"#,
            kept: 1
        ),
    ]

    @Test(arguments: cases)
    func nothingDependsOnThem(_ case: Case) throws {
        let folder = try TemporaryDirectory()
        let mhpipe = Mhpipe(folder: folder)
        let second = "  all: {type: jsonl, path: all.jsonl, inputs: [logs]}\n"
        try folder.write(Self.pipeline, to: "one.conf")
        try folder.write(Self.pipeline + second, to: "two.conf")
        let records = `case`.records
            .replacing(/\bM\b/, with: Trail.hubCall)
            .replacing(/\bE\b/, with: Trail.otherCall)
        try folder.write("{\"Records\":[\(records)]}", to: "in.json")
        for arguments in [
            ["one.conf"], ["one.conf", "--quarantine", "bad.jsonl"], ["one.conf", "--workers", "1"], ["two.conf"],
        ] {
            let run = try mhpipe.run(arguments: ["run", "--quiet", "--summary", "summary.json"] + arguments)
            let kept = try folder.read("out.jsonl").count { $0 == UInt8(ascii: "\n") }
            #expect(kept == `case`.kept, "\(arguments)")
            #expect(run.status == (`case`.problem == nil ? 0 : 3), "\(arguments): \(run.errors)")
            #expect(`case`.problem.map { run.errors.contains($0) } ?? run.errors.isEmpty, "\(arguments)")
            let summary = try JSONSerialization.jsonObject(with: folder.read("summary.json")) as? [String: Any]
            #expect(summary?["eventsQuarantined"] as? Int == (`case`.problem == nil ? 0 : 1), "\(arguments)")
        }
    }

    /// Behind a file of which something is kept, what is dropped is told by its proof, in whatever form, and counted alike.
    @Test(arguments: cases, ["{\"Records\":[R]}", "L"])
    func nothingDependsOnTheProof(_ case: Case, form: String) throws {
        let folder = try TemporaryDirectory()
        let mhpipe = Mhpipe(folder: folder)
        let records = `case`.records
            .replacing(/\bM\b/, with: Trail.hubCall)
            .replacing(/\bE\b/, with: Trail.otherCall)
        try folder.write("{\"Records\":[\(Trail.hubCall)]}", to: "first.json")
        try folder.write(
            form == "L" ? "\(records.replacing("},{", with: "}\n{"))\n" : form.replacing("R", with: records),
            to: "in.json"
        )
        let filter = #"{type: filter, where: 'eventSource in ["mgh.amazonaws.com", "migrationhub.amazonaws.com"]'}"#
        for transform in ["{type: migration_hub}", filter] {
            let pipeline = Self.pipeline
                .replacing("path: in.json", with: "path: [first.json, in.json]")
                .replacing("{type: migration_hub}", with: transform)
            try folder.write(pipeline, to: "p.conf")
            var expected: [String]?
            for proof in ["off", "portable", "avx2", "avx512"] {
                let run = try mhpipe.run(
                    arguments: ["run", "--quiet", "--workers", "1", "--summary", "summary.json", "p.conf"],
                    environment: ["MHPIPE_PROOF": proof]
                )
                let summary = try JSONSerialization.jsonObject(with: folder.read("summary.json")) as? [String: Any]
                let stages = summary?["stages"] as? [[String: Any]] ?? []
                let counts = stages.map {
                    "\($0["eventsIn"] ?? "") \($0["eventsOut"] ?? "") \($0["eventsFiltered"] ?? "")"
                }
                let found =
                    [String(decoding: try folder.read("out.jsonl"), as: UTF8.self), run.errors, "\(run.status)"]
                    + counts
                #expect(counts.count == 3)
                #expect(found == expected ?? found, "\(proof), \(transform)")
                expected = found
            }
        }
    }

    private static let pipeline = """
        sources:
          logs: {type: file, path: in.json}
        transforms:
          hub: {type: migration_hub}
        sinks:
          out: {type: jsonl, path: out.jsonl}

        """
}
