import Foundation
import MHPipeTestSupport
import Testing

/// Source `directory` holds log files against digest files, where it is told to.
@Suite(.timeLimit(.minutes(30))) struct DigestedFolderTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe
    private var trail: SignedTrail
    private static let signer = Result { try SigningKey() }

    /// Four log files: verified, changed, not listed, and listed by a digest file that is not signed.
    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        trail = try SignedTrail(Self.signer.get()) { _ in [Trail.file([Trail.hubCall])] }
        trail.files[trail.logKey(1, 0)] = SignedTrail.gzip(Trail.file([Trail.hubCall]) + " ")
        trail.change(2) { $0["logFiles"] = "[]" }
        for place in 2...3 { try trail.sign(place, after: place - 1) }
        trail.change(3) { $0.metadata = nil }
        try folder.write(SigningKey.list([trail.signer]), to: "keys.json")
    }

    private func run(_ mode: String, more: String = "") throws -> Mhpipe.Result {
        try trail.write(to: folder)
        try folder.write(
            """
            sources: {logs: {type: directory, path: copy, verify_digests: \(mode), public_keys: [keys.json]}}
            \(more)
            sinks: {lines: {type: jsonl, path: out.jsonl}}
            quarantine: bad.jsonl
            """,
            to: "p.conf"
        )
        return try mhpipe.run("run", "p.conf", "--manifest", "m.jsonl")
    }

    private func lines(_ name: String) throws -> [JSONTree] {
        let text = String(decoding: try folder.read(name), as: UTF8.self)
        return try text.split(separator: "\n").map { try JSONDecoder().decode(JSONTree.self, from: Data($0.utf8)) }
    }

    @Test func eventsSayWhatTheirFilesAre() throws {
        let result = try run("warn")
        #expect(result.status == 0, "\(result.errors)")
        let found = try lines("out.jsonl").map { $0["integrity"]?.text }
        #expect(found == ["verified", "mismatch", "unlisted", "unsigned"])
        for words in [
            "it is not the file that a digest file lists", "no digest file lists it",
            "since their signatures are not known: 1",
        ] {
            #expect(result.errors.contains(words), "\(words): \(result.errors)")
        }
        #expect(try mhpipe.run("verify", "m.jsonl").status == 0)
    }

    @Test func whatIsNotVerifiedIsPassedOver() throws {
        let result = try run("quarantine")
        #expect(result.status == 3, "\(result.errors)")
        #expect(try lines("out.jsonl").map { $0["integrity"]?.text } == ["verified"])
        let reasons = try lines("bad.jsonl").compactMap { $0["reason"]?.text }
        let expected = [
            "the file that a digest file lists", "no digest file lists it", "that lists it is not verified",
        ]
        #expect(reasons.count == 3 && zip(reasons, expected).allSatisfy { $0.contains($1) }, "\(reasons)")
    }

    /// A name proves nothing: what holds events is held against the digest files.
    @Test(arguments: [("warn", 0), ("quarantine", 3), ("fail", 1)])
    mutating func eventsUnderTheNameOfADigestFile(_ mode: String, _ status: Int32) throws {
        let key = trail.digests[3].key.replacing("my_trail", with: "other")
        trail.files[key] = SignedTrail.gzip(Trail.file([Trail.hubCall]))
        let result = try run(mode)
        #expect(result.status == status, "\(result.errors)")
        #expect(result.errors.contains("digest files that are not valid: 1"), "\(result.errors)")
        guard mode != "fail" else { return }
        let found = try lines("out.jsonl").map { $0["integrity"]?.text ?? "none" }
        let all = ["mismatch", "unlisted", "unlisted", "unsigned", "verified"]
        #expect(found.sorted() == (mode == "warn" ? all : ["verified"]))
    }

    @Test(arguments: [("warn", 0), ("quarantine", 3), ("fail", 1)])
    mutating func digestFilesThatAreGoneAreNamed(_ mode: String, _ status: Int32) throws {
        trail.files[trail.digests[0].key] = nil
        let result = try run(mode)
        #expect(result.status == status, "\(result.errors)")
        #expect(result.errors.contains("digest files that are not valid: 1"), "\(result.errors)")
        if mode != "warn" {
            let bad = mode == "fail" ? result.errors : String(decoding: try folder.read("bad.jsonl"), as: UTF8.self)
            #expect(bad.contains(trail.digests[0].key), "\(bad)")
        }
    }

    @Test func theRunFails() throws {
        let result = try run("fail")
        #expect(result.status == 1 && result.errors.contains("is not verified: "), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("out.jsonl")))
    }

    @Test(arguments: [("warn", 0), ("quarantine", 3), ("fail", 1)])
    mutating func filesThatAreGoneAreNamed(_ mode: String, _ status: Int32) throws {
        trail.files[trail.logKey(0, 0)] = nil
        let result = try run(mode)
        #expect(result.status == status && result.errors.contains(trail.logKey(0, 0)), "\(result.errors)")
        #expect(result.errors.contains("not there"))
    }

    @Test func filtersKnowWhatIsAdded() throws {
        let result = try run("warn", more: "transforms: {sound: {type: filter, where: \"integrity == 'verified'\"}}")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try lines("out.jsonl").count == 1)
        let misspelt = try run("warn", more: "transforms: {sound: {type: filter, where: \"integrity == 'verifed'\"}}")
        #expect(misspelt.errors.contains("verified"), "\(misspelt.errors)")
    }

    @Test(arguments: [
        ("verify_digests: warn, watch: true", "cannot be had with 'watch'"),
        ("public_keys: [keys.json]", "does nothing without 'verify_digests'"),
        ("verify_digests: yes", "needs one of warn, quarantine, fail"),
    ])
    func mistakesAreFoundByTheCheck(_ options: String, _ message: String) throws {
        try trail.write(to: folder)
        try folder.write(
            "sources: {logs: {type: directory, path: copy, \(options)}}\nsinks: {lines: {type: jsonl, path: out.jsonl}}\n",
            to: "p.conf"
        )
        let result = try mhpipe.run("check", "p.conf")
        #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
    }

    @Test func theExampleRuns() throws {
        try trail.write(to: folder)
        let pipeline = Repository.root.appending(path: "pipelines/verified-trail.conf").path(percentEncoded: false)
        let result = try mhpipe.run("run", pipeline, "--set", "LOGS=copy", "--set", "KEYS=keys.json")
        #expect(result.status == 3, "\(result.errors)")
        #expect(try lines("verified-trail.jsonl").count == 1)
    }
}
