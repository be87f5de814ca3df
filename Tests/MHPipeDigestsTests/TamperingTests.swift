import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeDigests

/// Whatever is done to a trail is found, and named.
@Suite(.timeLimit(.minutes(30))) struct TamperingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let flaws: [String]
        let tamper: @Sendable (inout SignedTrail) throws -> Void

        init(_ what: String, _ flaws: [String], _ tamper: @escaping @Sendable (inout SignedTrail) throws -> Void) {
            (testDescription, self.flaws, self.tamper) = (what, flaws, tamper)
        }
    }

    /// Digest files end at 04, 05, 06 and 07, and list a log file of the hour before.
    static let logs: [Case] = [
        Case("nothing", []) { _ in },
        Case("log changed", ["log 04: hash"]) { $0.files[$0.logKey(1, 0)] = SignedTrail.gzip("{\"Records\":[]}") },
        Case("log deleted", ["log 04: not_found"]) { $0.files[$0.logKey(1, 0)] = nil },
        Case("log unpacked", ["log 04: format"]) { $0.files[$0.logKey(1, 0)] = Array("{\"Records\":[]}".utf8) },
        Case("log empty", ["log 04: format"]) { $0.files[$0.logKey(1, 0)] = [] },
        Case("log cut short", ["log 04: format"]) { $0.files[$0.logKey(1, 0)]?.removeLast(9) },
        Case("log with bytes behind", ["log 04: trailing_data"]) { $0.files[$0.logKey(1, 0)]?.append(7) },
        Case("log with zeros behind", ["log 04: trailing_data"]) { $0.files[$0.logKey(1, 0)]?.append(0) },
        Case("log with a member behind", ["log 04: trailing_data"]) {
            $0.files[$0.logKey(1, 0)]? += SignedTrail.gzip("{}")
        },
        Case("logs exchanged", ["log 03: hash", "log 04: hash"]) {
            let (first, second) = ($0.logKey(0, 0), $0.logKey(1, 0))
            ($0.files[first], $0.files[second]) = ($0.files[second], $0.files[first])
        },
        Case("log planted", ["unlisted 04"]) { $0.files[$0.logKey(1, 7)] = SignedTrail.gzip("{\"Records\":[]}") },
        Case("log too new", ["unlisted 09: behind"]) {
            $0.files[$0.logKey(6, 0)] = SignedTrail.gzip("{\"Records\":[]}")
        },
        Case("logs planted under other names", [String](repeating: "unlisted ", count: 4)) { trail in
            for name in ["evil.json.gz", "a/evil.JSON", "AWSLogs/evil.jsonl.gz", "AWSLogs/111122223333/evil.ndjson"] {
                trail.files[name] = SignedTrail.gzip("{\"Records\":[]}")
            }
        },
        Case("files that no run reads", []) { trail in
            for name in ["notes.txt", "AWSLogs/a.csv.gz"] { trail.files[name] = [1] }
        },
        Case("log of a kind of which no digest file tells", ["unlisted 04"]) {
            let key = $0.logKey(1, 0).replacing("CloudTrail", with: "CloudTrail-Insight")
            $0.files[key] = SignedTrail.gzip("{\"Records\":[]}")
        },
        Case("hash algorithm unknown", ["log 04: algorithm"]) { trail in
            trail.change(1) { $0["logFiles"] = $0["logFiles"]?.replacing("SHA-256", with: "MD5") }
            try trail.signAll(from: 1)
        },
        Case("log outside of the folder", ["log pa: not_found", "unlisted 04"]) { trail in
            let key = trail.logKey(1, 0)
            trail.change(1) { $0["logFiles"] = $0["logFiles"]?.replacing(key, with: "../../etc/passwd") }
            try trail.signAll(from: 1)
        },
    ]

    static let digests: [Case] = [
        Case("digest deleted", ["gap 04-05: missing", "digest 05: not_found", "unlisted 04"]) {
            $0.files[$0.digests[1].key] = nil
        },
        Case("two deleted", ["gap 04-06: missing", "digest 06: not_found", "unlisted 04", "unlisted 05"]) {
            for place in 1...2 { $0.files[$0.digests[place].key] = nil }
        },
        Case("newest deleted", ["unlisted 06: behind"]) { $0.files[$0.digests[3].key] = nil },
        Case("oldest deleted", ["digest 04: not_found", "unlisted 03"]) { $0.files[$0.digests[0].key] = nil },
        Case("digest changed", ["digest 05: signature", "log 04: unverified, digest"]) { trail in
            trail.change(1) { $0["newestEventTime"] = "\"2026-01-01T00:00:00Z\"" }
            trail.store(1)
        },
        Case("digest and log changed", ["digest 05: signature", "log 04: hash"]) { trail in
            trail.change(1) { $0["newestEventTime"] = "\"2026-01-01T00:00:00Z\"" }
            trail.store(1)
            trail.files[trail.logKey(1, 0)] = SignedTrail.gzip("{}")
        },
        Case("digest unpacked", ["digest 05: format", "unlisted 04"]) {
            $0.files[$0.digests[1].key] = Array($0.digests[1].text.utf8)
        },
        Case("digest exchanged", ["digest 05: moved", "log 05: unverified, digest", "unlisted 04"]) {
            $0.files[$0.digests[1].key] = $0.files[$0.digests[2].key]
        },
        Case("member behind a digest", ["digest 05: trailing_data", "log 04: unverified, digest"]) {
            $0.files[$0.digests[1].key]? += SignedTrail.gzip("{}")
        },
        Case("signature missing", ["digest 05: signature", "log 04: unverified, digest"]) { trail in
            trail.change(1) { $0.metadata?["signature"] = nil }
        },
        Case("metadata missing, as the next digest file has the signature", []) { trail in
            trail.change(1) { $0.metadata = nil }
        },
        Case("signature algorithm missing", ["digest 05: signature", "log 04: unverified, digest"]) { trail in
            trail.change(1) { $0.metadata?["signature-algorithm"] = nil }
        },
        Case("signature algorithm unknown", ["digest 05: algorithm", "log 04: unverified, digest"]) { trail in
            trail.change(1) { $0.metadata?["signature-algorithm"] = "SHA1withRSA" }
        },
        Case("signature algorithm in the file unknown", ["digest 05: algorithm", "log 04: unverified, digest"]) {
            trail in
            trail.change(1) { $0["digestSignatureAlgorithm"] = "\"SHA1withRSA\"" }
            try trail.signAll(from: 1)
        },
        Case("signature of another", ["digest 05: signature", "log 04: unverified, digest"]) { trail in
            let other = trail.digests[2].metadata
            trail.change(1) { $0.metadata = other }
        },
        Case("signature no number", ["digest 05: signature", "log 04: unverified, digest"]) { trail in
            trail.change(1) { $0.metadata?["signature"] = "0x" }
        },
        Case("signed by another", ["digest 05: signature", "log 04: unverified, digest"]) { trail in
            try trail.sign(1, after: 0, by: VerifiedTrail.other.get())
        },
        Case("key unknown", ["digest 05: public_key", "log 04: unverified, digest"]) { trail in
            trail.change(1) { $0["digestPublicKeyFingerprint"] = "\"00\"" }
            trail.store(1)
        },
    ]

    static let links: [Case] = [
        Case("signed anew", ["digest 05: previous_hash", "log 04: unverified, digest"]) { trail in
            trail.change(1) { $0["newestEventTime"] = "\"2026-01-01T00:00:00Z\"" }
            try trail.sign(1, after: 0)
        },
        Case("signature of the one before changed", ["digest 05: previous_signature", "log 04: unverified, digest"]) {
            trail in
            trail.change(2) { $0["previousDigestSignature"] = "\"00\"" }
            try trail.sign(2)
            try trail.signAll(from: 3)
        },
        Case("signature in upper case, which is the same number", []) { trail in
            let signature = trail.digests[1].metadata?["signature"]?.uppercased()
            trail.change(1) { $0.metadata?["signature"] = signature }
        },
        Case("hash of the one before by another algorithm", ["digest 07: algorithm", "log 06: unverified, digest"]) {
            trail in
            trail.change(3) { $0["previousDigestHashAlgorithm"] = "\"MD5\"" }
            try trail.sign(3)
        },
        Case("chain that leads forward", ["digest 05: order", "log 04: unverified, digest"]) { trail in
            let later = trail.digests[2].key
            trail.change(1) { $0["previousDigestS3Object"] = "\"\(later)\"" }
            try trail.sign(1)
            try trail.signAll(from: 2)
        },
        Case("digest that names itself", ["digest 05: order", "log 04: unverified, digest"]) { trail in
            let own = trail.digests[1].key
            trail.change(1) { $0["previousDigestS3Object"] = "\"\(own)\"" }
            try trail.sign(1)
            try trail.signAll(from: 2)
        },
        Case("time between two", ["gap 04-05: between", "unlisted 04"]) { trail in
            try trail.sign(2, after: 0)
            try trail.signAll(from: 3)
            trail.files[trail.digests[1].key] = nil
        },
    ]

    @Test(arguments: logs + digests + links)
    func isFound(_ one: Case) throws {
        var trail = try SignedTrail(VerifiedTrail.signer.get())
        try one.tamper(&trail)
        let found = try VerifiedTrail(trail)
        #expect(found.flaws == one.flaws)
        #expect(found.totals.isAllValid == one.flaws.isEmpty)
    }

    /// Whatever is not as it should be in the text of a digest file, even when it is signed.
    @Test(arguments: [
        "digestS3Bucket", "digestS3Object", "digestStartTime", "digestEndTime", "digestPublicKeyFingerprint",
        "previousDigestSignature", "logFiles",
    ])
    func aMemberThatIsNotAsItShouldBe(_ key: String) throws {
        for value in [nil, "7", "[]x", "{}"] {
            var trail = try SignedTrail(VerifiedTrail.signer.get())
            trail.change(1) { $0[key] = value }
            trail.store(1)
            let found = try VerifiedTrail(trail)
            #expect(found.flaws == ["digest 05: format", "unlisted 04"], "\(key): \(value ?? "missing")")
            #expect(found.totals.isAnyInvalid)
        }
    }

    @Test func aChainThatBeginsAnewAtOnceLeavesNothingOut() throws {
        let found = try VerifiedTrail(try SignedTrail(VerifiedTrail.signer.get(), restarts: [2]))
        #expect(found.flaws == ["gap 05-05: restart"])
        #expect(found.totals.isAllValid)
    }

    @Test func aChainThatBeginsAnewLaterLeavesATimeOut() throws {
        var trail = try SignedTrail(VerifiedTrail.signer.get(), restarts: [2])
        trail.files[trail.digests[1].key] = nil
        let found = try VerifiedTrail(trail)
        #expect(found.flaws == ["gap 04-05: restart", "unlisted 04"])
        #expect(!found.totals.isAllValid && !found.totals.isAnyInvalid)
    }

    @Test func withoutKeysNothingIsVerified() throws {
        var trail = try SignedTrail(VerifiedTrail.signer.get(), hours: 2)
        trail.files[trail.logKey(1, 0)] = nil
        let found = try VerifiedTrail(trail, keys: [])
        let unverified = ["digest 04: unverified, no_public_keys", "log 03: unverified, digest"]
        #expect(found.flaws == unverified + ["digest 05: unverified, no_public_keys", "log 04: not_found"])
    }

    /// A copy has no metadata, but each digest file holds the signature of the one before it.
    @Test func withoutMetadataOnlyTheNewestIsNotVerified() throws {
        var trail = try SignedTrail(VerifiedTrail.signer.get())
        let newest = ["digest 07: unverified, no_signature", "log 06: unverified, digest"]
        #expect(try VerifiedTrail(trail, savesMetadata: false).flaws == newest)
        trail.change(1) { $0["newestEventTime"] = "\"2026-01-01T00:00:00Z\"" }
        trail.store(1)
        let changed = ["digest 05: signature", "log 04: unverified, digest"]
        #expect(try VerifiedTrail(trail, savesMetadata: false).flaws == changed + newest)
    }

    @Test func whatIsAskedForHasToBeThere() throws {
        let trail = try SignedTrail(VerifiedTrail.signer.get())
        func found(_ since: String?, _ until: String?) throws -> [String] {
            let times = TrailSelection(
                since: since.flatMap { Timestamp(rfc3339: "2026-01-02T\($0)Z") },
                until: until.flatMap { Timestamp(rfc3339: "2026-01-02T\($0)Z") }
            )
            return try VerifiedTrail(trail, times).flaws
        }
        #expect(try found("03:00:00", "07:00:01") == [])
        #expect(try found("05:30:00", nil) == [])
        #expect(try found("01:00:00", "09:00:00") == ["gap 01-03: before", "gap 07-09: behind"])
        #expect(try found("12:00:00", "14:00:00") == ["gap 12-14: missing"])
    }

    @Test(arguments: [
        TrailSelection(accounts: ["111122223333", "999999999999"]), TrailSelection(regions: ["us-west-2", "mars-1"]),
    ])
    func whatIsNamedHasToBeThere(_ selection: TrailSelection) throws {
        let found = try VerifiedTrail(try SignedTrail(VerifiedTrail.signer.get()), selection)
        #expect(found.flaws == [] && found.totals.absent.count == 1 && !found.totals.isAllValid)
    }

    /// A planted digest file that names a real one, with a signature that is none.
    @Test func aSignatureIsTakenOfDigestFilesThatAreNotInvalid() throws {
        var trail = try SignedTrail(VerifiedTrail.signer.get())
        let text = trail.digests[2].text.replacing(trail.digests[1].metadata?["signature"] ?? "?", with: "00")
        for name in ["a_trail", "my_trail"] {
            let key = trail.digests[2].key.replacing("my_trail", with: name).replacing("T060000Z", with: "T065900Z")
            trail.files[key] = SignedTrail.gzip(text)
        }
        let found = try VerifiedTrail(trail, savesMetadata: false)
        #expect(!found.flaws.contains { $0.hasPrefix("digest 04") || $0 == "digest 05: signature" }, "\(found.flaws)")
    }
}

extension SignedTrail {
    /// Signs anew a digest file and all behind it.
    mutating func signAll(from place: Int) throws {
        for place in place..<digests.count {
            // What a test has changed in the first stays.
            try place == 0 || digests[place]["previousDigestS3Object"] == "null"
                ? sign(place) : sign(place, after: place - 1)
        }
    }
}
