import Foundation
import MHPipeTestSupport
import Testing

/// Whose word `integrity` is, in a report: mhpipe's where nobody else can have written it, and otherwise nobody's.
@Suite(.timeLimit(.minutes(30))) struct ReportStampTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe
    private var trail: SignedTrail
    private static let signer = Result { try SigningKey() }

    /// A call of Migration Hub, with more members.
    private static func call(_ more: String = "") -> String { Trail.hubCall.dropLast() + more + "}" }

    /// Four log files, all as their digest files list them, of which records claim something else; and a file with a claim.
    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        trail = try SignedTrail(Self.signer.get()) { _ in
            [Trail.file([Self.call(#","integrity":"mismatch","claim":"verified""#)])]
        }
        try folder.write(SigningKey.list([trail.signer]), to: "keys.json")
        try folder.write(Self.call(#","integrity":"verified","claim":"verified""#) + "\n", to: "claims.jsonl")
    }

    private static let verified = "logs: {type: directory, path: copy, verify_digests: warn, public_keys: [keys.json]}"
    private static let counted = "Events by what digest files say of the log files they came from"
    private static let claimed = "Events by what they say themselves of the log files they came from"

    private func run(_ sources: String, _ transforms: String = "", sinks: String, manifest: String = "m.jsonl") throws {
        try trail.write(to: folder)
        let stages = transforms.isEmpty ? "" : "transforms: {\(transforms)}\n"
        try folder.write("sources: {\(sources)}\n\(stages)sinks: {\(sinks)}\n", to: "p.conf")
        let result = try mhpipe.run("run", "p.conf", "--manifest", manifest)
        #expect(result.status == 0, "\(result.errors)")
    }

    private func page(of input: String, _ more: String...) throws -> String {
        let result = try mhpipe.run(arguments: ["report", input, "page.html", "--force"] + more)
        #expect(result.status == 0, "\(result.errors)")
        return try text("page.html")
    }

    private func text(_ name: String) throws -> String { String(decoding: try folder.read(name), as: UTF8.self) }

    private func expectUncounted(_ page: String, _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation)
    {
        #expect(!page.contains("<dd>verified <small>"), comment, sourceLocation: sourceLocation)
        #expect(!page.contains(Self.counted), comment, sourceLocation: sourceLocation)
        for words in [Self.claimed, "which does not count: nothing shows that mhpipe has set it", "proves nothing"] {
            #expect(page.contains(words), "\(comment): \(words)", sourceLocation: sourceLocation)
        }
    }

    // MARK: In the run that writes the page

    @Test func whatTheSourcesOfTheRunHaveSetCounts() throws {
        try run(Self.verified, "who: {type: identity}", sinks: "page: {type: report, path: page.html}")
        let page = try text("page.html")
        #expect(page.contains("<dd>verified <small>"))
        #expect(page.contains(Self.counted) && page.contains("All events from log files that valid digest files list"))
    }

    @Test mutating func whatIsNotVerifiedIsCountedByKind() throws {
        trail.files[trail.logKey(1, 0)] = SignedTrail.gzip(Trail.file([Trail.hubCall]) + " ")
        trail.change(2) { $0["logFiles"] = "[]" }
        for place in 2...3 { try trail.sign(place, after: place - 1) }
        trail.change(3) { $0.metadata = nil }
        try run(Self.verified, sinks: "page: {type: report, path: page.html}")
        let page = try text("page.html")
        #expect(page.contains("1 event from log files that are not as digest files list them"))
        #expect(page.contains("2 events from log files that no digest file vouches for"))
        let counts = [1, 1, 1, 1, 0].map { "<td class=\"n\">\($0)</td>" }.joined()
        #expect(page.contains("<td>us-west-2</td>" + counts))
    }

    static let claimingPipelines: [(sources: String, transforms: String)] = [
        ("more: {type: file, path: claims.jsonl}", ""),
        // Which of the events came from the source that verifies, nobody can tell.
        (verified + ", more: {type: file, path: claims.jsonl}", ""),
        (verified, "no: {type: remove, fields: [integrity]}, names: {type: rename, fields: {claim: integrity}}"),
        (verified, "more: {type: lookup, table: t.json, field: awsRegion, as: integrity}"),
        (verified, "more: {type: exec, command: [cat]}"),
        (
            "logs: {type: directory, path: copy}",
            "no: {type: remove, fields: [integrity]}, names: {type: rename, fields: {claim: integrity}}"
        ),
    ]

    @Test(arguments: claimingPipelines)
    func whatAnybodyCanHaveSetDoesNotCount(sources: String, transforms: String) throws {
        try folder.write(#"{"us-west-2": "verified"}"#, to: "t.json")
        try run(sources, transforms, sinks: "page: {type: report, path: page.html}")
        expectUncounted(try text("page.html"), "\(sources) \(transforms)")
        #expect(!(try text("m.jsonl")).contains(#""stamped""#))
    }

    @Test func recordsOfATrailDoNotVouchForThemselves() throws {
        expectUncounted(try page(of: "claims.jsonl"), "a trail")
    }

    // MARK: In what an earlier run has written

    private static let outputs = "db: {type: sqlite, path: out.db}, lines: {type: jsonl, path: out.jsonl}"

    @Test(arguments: ["out.db", "out.jsonl"])
    func outputOfARunThatVerifiesCountsWithItsManifest(output: String) throws {
        try run(Self.verified, sinks: Self.outputs)
        #expect(try text("m.jsonl").contains(#""plugin":"sqlite","stamped":["integrity"]"#))
        let page = try page(of: output, "--run-manifest", "m.jsonl")
        #expect(page.contains("<dd>verified <small>") && page.contains(Self.counted))
        expectUncounted(try self.page(of: output), "without a manifest")
        // The bytes are others then, whatever the name.
        try run("more: {type: file, path: claims.jsonl}", sinks: Self.outputs, manifest: "other.jsonl")
        if output == "out.jsonl" {
            expectUncounted(try self.page(of: output, "--run-manifest", "m.jsonl"), "another file")
        }
    }

    @Test(arguments: ["out.db", "out.jsonl"])
    func outputOfARunThatDoesNotVerifyDoesNotCount(output: String) throws {
        let sinks =
            "db: {type: sqlite, path: out.db, columns: [default, integrity]}, lines: {type: jsonl, path: out.jsonl}"
        try run("more: {type: file, path: claims.jsonl}", sinks: sinks)
        expectUncounted(try page(of: output, "--run-manifest", "m.jsonl"), "\(output)")
        expectUncounted(try page(of: "claims.jsonl", "--run-manifest", "m.jsonl"), "an input of the run")
    }

    @Test func outputBesideAnotherFileDoesNotCount() throws {
        try run(Self.verified, sinks: Self.outputs)
        try folder.write(text("out.jsonl"), to: "both/a.jsonl")
        try folder.write(text("claims.jsonl"), to: "both/b.jsonl")
        expectUncounted(try page(of: "both", "--run-manifest", "m.jsonl"), "beside another")
    }
}
