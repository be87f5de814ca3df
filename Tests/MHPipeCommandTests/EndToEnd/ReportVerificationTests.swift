import MHPipeBuiltins
import MHPipeIO
import MHPipeKit
import Testing

@testable import MHPipeCommand

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a report says of the run that its input comes from, and of digest files.
@Suite(.timeLimit(.minutes(30)))
final class ReportVerificationTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("proof-\(UUID())").path

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try write(Self.events(["1", "2"]), to: "trail.jsonl")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func events(_ ids: [String], _ rest: String = "") -> String {
        ids.map { id in
            """
            {"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"ann","accountId":"111122223333"},\
            "eventTime":"2026-05-01T10:00:00Z","eventSource":"mgh.amazonaws.com","eventName":"ListMigrationTasks",\
            "awsRegion":"us-east-1","eventID":"\(id)","recipientAccountId":"111122223333"\(rest)}
            """
        }.joined(separator: "\n")
    }

    private func path(_ name: String) -> String { folder + "/" + name }

    private func write(_ text: String, to name: String) throws {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }

    private func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    private func run(_ arguments: String...) -> CommandRun { CommandRun(arguments, plugins: .builtin) }

    private func makeDatabase(of trail: String = "trail.jsonl", manifest: String = "m.jsonl") {
        let made = run("convert", path(trail), path("all.db"), "--manifest", path(manifest), "-q", "--force")
        #expect(made.exitCode == 0, "\(made.errors)")
    }

    private func page(of input: String, _ more: String...) throws -> (text: String, errors: String) {
        let made = CommandRun(["report", path(input), path("page.html"), "--force"] + more, plugins: .builtin)
        #expect(made.exitCode == 0, "\(made.errors)")
        return (try text("page.html"), made.errors)
    }

    // MARK: The manifest of a run

    @Test func databaseOfTheRunIsTold() throws {
        makeDatabase()
        let page = try page(of: "all.db", "--run-manifest", path("m.jsonl"))
        let hash = Hexadecimal.text(try FileDigest(FilePath(path("m.jsonl"))).sha256)
        #expect(page.text.contains("1 file of this page in the manifest of the run, with the same SHA-256"))
        #expect(page.text.contains("The manifest lists all of it with the same SHA-256: 1 output of the run."))
        #expect(page.text.contains(hash))
        for words in [
            Version.current, ">completed<", "<dt>Exit code</dt><dd>0</dd>", "<dt>Records found</dt><dd>2</dd>",
        ] {
            #expect(page.text.contains(words), "\(words)")
        }
        #expect(!page.errors.contains("manifest"))
    }

    @Test func trailOfTheRunIsTold() throws {
        makeDatabase()
        let page = try page(of: "trail.jsonl", "--run-manifest", path("m.jsonl"))
        #expect(page.text.contains("The manifest lists all of it with the same SHA-256: 1 input of the run."))
    }

    @Test func inputOfTheRunThatIsNotReadIsTold() throws {
        try FileManager.default.createDirectory(atPath: path("trail"), withIntermediateDirectories: true)
        for name in ["a", "b"] { try write(Self.events([name]), to: "trail/\(name).json") }
        makeDatabase(of: "trail")
        try FileManager.default.removeItem(atPath: path("trail/b.json"))
        let page = try page(of: "trail", "--run-manifest", path("m.jsonl"))
        #expect(page.text.contains("1 input of the run not read for this page"))
        #expect(page.errors.contains("1 input of the run not read for this page"))
    }

    @Test func databaseWithOtherBytesIsTold() throws {
        makeDatabase()
        try write(Self.events(["3"]), to: "other.jsonl")
        makeDatabase(of: "other.jsonl", manifest: "other.manifest.jsonl")
        let page = try page(of: "all.db", "--run-manifest", path("m.jsonl"))
        #expect(page.text.contains("1 file of this page not as the manifest of the run says"))
        #expect(page.text.contains("listed with another SHA-256"))
        #expect(page.errors.contains("not as the manifest of the run says"))
    }

    @Test func inputThatTheManifestDoesNotListIsTold() throws {
        makeDatabase()
        try write(Self.events(["3"]), to: "<b>.jsonl")
        let page = try page(of: "<b>.jsonl", "--run-manifest", path("m.jsonl"))
        #expect(page.text.contains("1 file of this page not in the manifest of the run"))
        #expect(page.text.contains("&lt;b&gt;.jsonl") && !page.text.contains("<b>"))
        #expect(page.text.contains("the page is not shown to be of that run"))
        #expect(page.errors.contains("not in the manifest of the run"))
    }

    @Test func movedDatabaseIsTheSame() throws {
        makeDatabase()
        try FileManager.default.moveItem(atPath: path("all.db"), toPath: path("moved.db"))
        let page = try page(of: "moved.db", "--run-manifest", path("m.jsonl"))
        #expect(page.text.contains("with the same SHA-256: 1 output of the run."))
    }

    @Test(arguments: [("cut", "it was cut off"), ("changed", "it was changed"), ("other", "it is no manifest")])
    func whatIsNoWholeManifestIsRefused(kind: String, reason: String) throws {
        makeDatabase()
        let manifest = try text("m.jsonl")
        let lines = manifest.split(separator: "\n")
        switch kind {
        case "cut": try write(lines.dropLast().joined(separator: "\n") + "\n", to: "m.jsonl")
        case "changed": try write(manifest.replacing("\"records\":2", with: "\"records\":3"), to: "m.jsonl")
        default: try write(Self.events(["1"]), to: "m.jsonl")
        }
        for input in ["all.db", "trail.jsonl"] {
            let refused = run("report", path(input), path("page.html"), "--run-manifest", path("m.jsonl"))
            #expect(refused.exitCode == 1)
            #expect(refused.errors.contains(reason), "\(refused.errors)")
            #expect(!FileManager.default.fileExists(atPath: path("page.html")))
        }
    }

    @Test(arguments: ["--run-manifest", "--trail-report"])
    func fileThatIsNotThereIsMissed(option: String) throws {
        makeDatabase()
        for input in ["all.db", "trail.jsonl"] {
            let refused = run("report", path(input), path("page.html"), option, path("none.json"))
            #expect(refused.exitCode == 2, "\(input): \(refused.errors)")
            #expect(refused.errors.contains("none.json"))
        }
    }

    // MARK: Digest files

    @Test func nothingKnownIsSaid() throws {
        let page = try page(of: "trail.jsonl")
        for words in [
            "<dd>not verified <small>by digest files</small>", "Not verified: nobody has held", "No manifest was given",
        ] {
            #expect(page.text.contains(words), "\(words)")
        }
    }

    /// The report of a verification with the findings, whose sums are theirs unless others are named.
    private static func trailReport(_ findings: [String], verified: Bool, valid: Int? = nil, invalid: Int? = nil)
        -> String
    {
        func count(_ verdict: String, of type: String = "log") -> Int {
            findings.count { $0.hasPrefix("{\"type\":\"\(type)\"") && $0.contains("\"verdict\":\"\(verdict)\"") }
        }
        return """
            {"schema":1,
            "mhpipe":"0.1.0",
            "place":"<i>AWSLogs",
            "accounts":null,
            "publicKeys":[{"file":"keys.json","sha256":"ab"}],
            "started":"2026-05-02T00:00:00Z",
            "findings":[
            \(findings.joined(separator: ",\n"))
            ],
            "summary":{"digests":{"valid":\(count("valid", of: "digest")),"invalid":0,"unverified":0},"backfillDigests":{"valid":0,"invalid":0,"unverified":0},\
            "logs":{"valid":\(valid ?? count("valid")),"invalid":\(invalid ?? count("invalid")),"unverified":\(count("unverified"))},"chains":1,"gaps":0,"unlisted":0,"unlistedFolders":0},
            "verified":\(verified),
            "exitCode":\(verified ? 0 : 5),
            "ended":"2026-05-02T00:00:01Z"}

            """
    }

    private static func log(_ object: String, _ verdict: String, _ reason: String = "") -> String {
        #"{"type":"log","object":"\#(object)","digest":"d","verdict":"\#(verdict)","reason":"\#(reason)","detail":null}"#
    }

    @Test func validTrailIsTold() throws {
        let report = Self.trailReport([Self.digest("valid"), Self.log("s3://b/1", "valid")], verified: true)
        try write(report, to: "verified.json")
        let page = try page(of: "trail.jsonl", "--trail-report", path("verified.json"))
        for words in [
            "<dd>verified <small>", "verify-trail found 1 log file, all valid", "&lt;i&gt;AWSLogs",
            "1 valid, 0 invalid, 0 unverified",
        ] {
            #expect(page.text.contains(words), "\(words)")
        }
        #expect(!page.text.contains("s3://b/1") && !page.errors.contains("verify-trail"))
    }

    /// What was verified may be another place than the one that the events came from.
    @Test func eventsOfUnlistedFilesAreNotVerifiedByATrailThatIs() throws {
        try write(Self.events(["1"], #","integrity":"unlisted""#), to: "stamped.jsonl")
        let report = Self.trailReport([Self.digest("valid"), Self.log("s3://b/1", "valid")], verified: true)
        try write(report, to: "verified.json")
        let page = try page(of: "stamped.jsonl", "--trail-report", path("verified.json"))
        #expect(page.text.contains("<dd>in part <small>") && !page.text.contains("<dd>verified <small>"))
    }

    private static func gap(_ end: String) -> String {
        #"{"type":"gap","account":"1","region":"r","start":"a","end":"\#(end)","reason":"none"}"#
    }

    private static let unlisted = #"{"type":"unlisted","object":"s3://b/3","afterLastDigest":false}"#

    private static func digest(_ verdict: String) -> String {
        #"{"type":"digest","object":"d","backfill":false,"logs":1,"verdict":"\#(verdict)","reason":null,"detail":null}"#
    }

    /// A chain that begins anew where another one has ended.
    @Test func gapThatLeavesNothingOutIsNoContradiction() throws {
        let findings = [Self.digest("valid"), Self.log("s3://b/1", "valid"), Self.gap("a")]
        try write(Self.trailReport(findings, verified: true), to: "verified.json")
        let page = try page(of: "trail.jsonl", "--trail-report", path("verified.json"))
        #expect(page.text.contains("<dd>verified <small>"))
    }

    /// A file that anybody can have written, or changed.
    @Test(
        arguments: [
            ([digest("valid"), log("s3://b/1", "valid"), log("s3://b/2", "invalid")], nil, 0),
            ([digest("valid"), log("s3://b/1", "invalid")], 1, 0),
            ([digest("valid"), log("s3://b/1", "invalid")], 1, 1),
            ([digest("valid"), log("s3://b/1", "valid"), log("s3://b/2", "unverified")], nil, nil),
            ([digest("valid"), log("s3://b/1", "valid"), gap("b")], nil, nil),
            ([digest("valid"), log("s3://b/1", "valid"), unlisted], nil, nil),
            ([digest("valid"), log("s3://b/1", "valid"), digest("invalid")], nil, 0),
            ([digest("valid"), log("s3://b/1", "valid")], 7, nil), ([digest("valid")], 1, nil),
            ([log("s3://b/1", "valid")], nil, nil),
        ] as [([String], Int?, Int?)]
    )
    func verifiedTrailThatContradictsItselfIsNotGood(findings: [String], valid: Int?, invalid: Int?) throws {
        try write(Self.trailReport(findings, verified: true, valid: valid, invalid: invalid), to: "verified.json")
        let page = try page(of: "trail.jsonl", "--trail-report", path("verified.json"))
        for words in ["<dd>verified <small>", ", all valid", ">yes<"] {
            #expect(!page.text.contains(words), "\(words)")
        }
        #expect(page.text.contains("says that all is verified, and its own findings do not"))
        #expect(page.errors.contains("says that all is verified, and its own findings do not"))
    }

    @Test func filesThatAreNotValidAreListed() throws {
        let hostile = #"<script>\",\"verdict\":\"valid\""#
        let findings = [Self.log("s3://b/1", "valid"), Self.log(hostile, "invalid", "hash value doesn't match")]
        try write(Self.trailReport(findings, verified: false), to: "verified.json")
        let page = try page(of: "trail.jsonl", "--trail-report", path("verified.json"))
        for words in ["verify-trail found 1 file not valid", "hash value doesn&#39;t match", "&lt;script&gt;"] {
            #expect(page.text.contains(words), "\(words)")
        }
        #expect(page.errors.contains("verify-trail found 1 file not valid"))
    }

    @Test(arguments: [
        "", "{}", "{\"schema\":1,\n\"findings\":[\n", "{\"schema\":2,\n\"findings\":[\n],\n\"verified\":true}\n",
    ])
    func whatIsNoReportOfVerifyTrailIsRefused(text: String) throws {
        try write(text, to: "verified.json")
        let refused = run("report", path("trail.jsonl"), path("page.html"), "--trail-report", path("verified.json"))
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("cannot tell of digest files by"), "\(refused.errors)")
    }
}
