import Foundation
import MHPipeTestSupport
import Testing

/// `verify-trail` says what it finds, in words, in numbers and as JSON.
@Suite(.timeLimit(.minutes(30))) struct VerifyTrailTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe
    private var trail: SignedTrail
    private static let signer = Result { try SigningKey() }

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        trail = try SignedTrail(Self.signer.get(), hours: 3)
        try folder.write(SigningKey.list([trail.signer]), to: "keys.json")
    }

    private func verify(_ arguments: String...) throws -> Mhpipe.Result {
        try mhpipe.run(arguments: ["verify-trail", "copy", "--public-keys", "keys.json"] + arguments)
    }

    private func report() throws -> JSONTree { try JSONDecoder().decode(JSONTree.self, from: folder.read("r.json")) }

    @Test func aTrailThatIsWhole() throws {
        try trail.write(to: folder)
        let result = try verify("--report", "r.json")
        let lines = """
            Valid digest files from 2026-01-02T03:00:00Z to 2026-01-02T06:00:00Z
            3/3 digest files valid
            3/3 log files valid

            """
        #expect(result.status == 0 && result.text == lines && result.errors == "", "\(result.text)\(result.errors)")
        #expect(try report()["verified"] == .bool(true))
        #expect(try verify("-v").text.split(separator: "\n").count { $0.hasSuffix("\tvalid") } == 6)
    }

    @Test mutating func aTrailThatIsNot() throws {
        trail.files[trail.logKey(1, 0)] = SignedTrail.gzip("{}")
        trail.files[trail.logKey(1, 7)] = SignedTrail.gzip("{}")
        trail.change(2) { $0["newestEventTime"] = "\"x\"" }
        trail.store(2)
        try trail.write(to: folder)
        let result = try verify("--report", "r.json", "--since", "2026-01-02T02:00:00Z")
        let bucket = "s3://\(SignedTrail.bucket)"
        let lines = """
            Gap\t111122223333 us-west-2 trail my_trail\t2026-01-02T02:00:00Z to 2026-01-02T03:00:00Z: it lies before the first \
            digest file
            Log file\t\(bucket)/\(trail.logKey(1, 0))\tINVALID: hash value doesn't match
            Digest file\t\(bucket)/\(trail.digests[2].key)\tINVALID: signature verification failed
            Log file\t\(bucket)/\(trail.logKey(1, 7))\tNOT VERIFIED: no digest file lists it
            Valid digest files from 2026-01-02T03:00:00Z to 2026-01-02T05:00:00Z
            2/3 digest files valid, 1/3 digest files INVALID
            1/3 log files valid, 1/3 log files INVALID, 1/3 log files not verified
            1 log file that no digest file lists
            1 gap of which no digest file tells

            """
        #expect(result.status == 5 && result.text == lines, "\(result.text)\(result.errors)")
        let report = try report()
        #expect(report["exitCode"]?.integer == 5 && report["summary"]?["logs"]?["invalid"]?.integer == 1)
        #expect(report["findings"]?.elements.count { $0["verdict"]?.text == "invalid" } == 2)
    }

    /// Each kind of finding is in a report, and all are as the schema says.
    @Test mutating func reportsAreAsTheSchemaSays() throws {
        let schema = try JSONSchema(Repository.root.appending(path: "docs/schema/trail-report-1.schema.json"))
        trail.files[trail.digests[1].key] = nil
        trail.files[trail.logKey(0, 0)] = nil
        try trail.write(to: folder)
        for arguments in [[], ["--since", "2026", "--until", "2026-02", "--account", "111122223333,444455556666"]] {
            let command = ["verify-trail", "copy", "--public-keys", "keys.json", "--report", "r.json"]
            #expect(try mhpipe.run(arguments: command + arguments).status == 5)
            let report = try report()
            #expect(schema.mistakes(report) == [])
            let kinds = Set(report["findings"]?.elements.compactMap { $0["type"]?.text } ?? [])
            #expect(kinds == ["chain", "digest", "log", "gap", "unlisted"])
        }
        guard case .object(var members) = try report() else { return #expect(Bool(false)) }
        members["exitCode"] = .number(1)
        #expect(schema.mistakes(.object(members)).count == 1)
    }

    /// A folder below AWSLogs may hold no digest file that says which bucket it is a copy of.
    @Test(arguments: ["AWSLogs", "AWSLogs/111122223333", "AWSLogs/111122223333/CloudTrail/", "."])
    func aFileOfNoBucketIsCalledByItsPath(place: String) throws {
        let log =
            "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/05/01/111122223333_CloudTrail_eu-west-1_20260501T1005Z_AAAAAAAAAAAAAAAA.json"
        try folder.write("{\"Records\":[]}", to: log)
        let result = try mhpipe.run("verify-trail", place, "--public-keys", "keys.json", "--report", "r.out")
        let path = place == "." ? "./" + log : log
        #expect(result.text.contains("Log file\t\(path)\tNOT VERIFIED: no digest file lists it\n"), "\(result.text)")
        let report = String(decoding: try folder.read("r.out"), as: UTF8.self)
        #expect(report.contains("\"object\":\"\(path)\""), "\(report)")
    }

    @Test func whatCannotBeVerifiedIsNeverZero() throws {
        try trail.write(to: folder, savesMetadata: false)
        let unsigned = try verify()
        #expect(unsigned.status == 3 && unsigned.text.contains("its signature is not known"), "\(unsigned.text)")
        let unkeyed = try mhpipe.run("verify-trail", "copy")
        #expect(unkeyed.status == 3 && unkeyed.errors.contains("there are no public keys"), "\(unkeyed.errors)")
        let none = try verify("--account", "444455556666")
        #expect(none.status == 3 && none.errors.contains("there is no digest file"), "\(none.errors)")
    }

    /// Exit 0 would say that all is verified.
    @Test mutating func aReaderThatGoesAwayChangesNothing() throws {
        trail.files[trail.logKey(0, 0)] = nil
        try trail.write(to: folder)
        let result = try mhpipe.shell(
            "{ \"$mhpipe\" verify-trail copy --public-keys keys.json -v; echo $? >&2; } | true"
        )
        #expect(result.errors.hasSuffix("5\n"), "\(result.errors)")
    }

    @Test(arguments: [
        (["none"], "cannot read folder 'none'"), (["keys.json"], "cannot read folder 'keys.json'"),
        (["copy", "--public-keys", "none.json"], "cannot read 'none.json'"),
        (["copy", "--public-keys", "copy/no.json"], "'copy/no.json' holds no public keys"),
        (["copy", "--since", "2026-02", "--until", "2026-01"], "'--since' lies behind '--until'"),
        (["copy", "--report", "none/r.json"], "none/r.json"),
        (["s3://b"], "'s3://b' is no address such as s3://bucket/prefix"),
        (["copy", "--endpoint", "https://s3.example.com"], "'--endpoint' does nothing for a folder"),
        (["s3://trail", "--endpoint", "s3.example.com"], "needs an address such as https://s3.example.com"),
        (["s3://trail", "--customer-key", "none.key"], "none.key"),
    ])
    func mistakesAreSaid(_ arguments: [String], _ message: String) throws {
        try trail.write(to: folder)
        try folder.write("x", to: "copy/no.json")
        let result = try mhpipe.run(arguments: ["verify-trail"] + arguments)
        #expect(result.status == 2 && result.errors.contains(message), "\(result.status): \(result.errors)")
    }
}
