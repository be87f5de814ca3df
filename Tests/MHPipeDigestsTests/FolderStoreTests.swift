import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeDigests

/// A copy is read wherever it was put, and nothing outside of it is.
@Suite(.timeLimit(.minutes(30))) struct FolderStoreTests {
    private let folder: TemporaryDirectory
    private let signer: SigningKey

    init() throws {
        folder = try TemporaryDirectory()
        signer = try VerifiedTrail.signer.get()
    }

    /// What stands before the account, what of it was not copied, and what is looked through.
    @Test(arguments: [
        ("AWSLogs", "", "copy"), ("AWSLogs", "", "copy/AWSLogs"), ("AWSLogs", "", "copy/AWSLogs/111122223333"),
        ("AWSLogs", "AWSLogs/", "copy"), ("some/prefix/AWSLogs", "", "copy"),
        ("some/prefix/AWSLogs", "some/prefix/", "copy"),
        ("some/prefix/AWSLogs", "some/prefix/AWSLogs/", "copy/111122223333"), ("AWSLogs/o-exampleorgid", "", "copy"),
        ("AWSLogs/o-exampleorgid", "AWSLogs/", "copy"), ("AWSLogs/o-exampleorgid", "AWSLogs/o-exampleorgid/", "copy"),
        ("o-a/AWSLogs/o-a", "", "."), ("AWSLogs", "", "./copy/"), ("a//AWSLogs", "a//", "copy"),
    ])
    func aCopyIsReadWhereverItIs(_ root: String, _ cut: String, _ place: String) throws {
        let trail = try SignedTrail(signer, hours: 3, root: root)
        try trail.write(to: folder, without: cut)
        let found = try VerifiedTrail(folder.path(place), keys: [signer])
        #expect(found.flaws == [])
        #expect(found.totals.digests.valid == 3 && found.totals.logs.valid == 3)
    }

    @Test func severalTrailsRegionsAndAccountsAreChainsOfTheirOwn() throws {
        for (region, home, account) in [
            ("us-west-2", "us-west-2", "111122223333"), ("eu-west-1", "us-west-2", "111122223333"),
            ("us-west-2", "us-west-2", "444455556666"),
        ] {
            try SignedTrail(signer, hours: 2, account: account, region: region, homeRegion: home).write(to: folder)
        }
        let found = try VerifiedTrail(folder.path("copy"), keys: [signer])
        #expect(found.flaws == [])
        #expect(found.totals.chains == 3 && found.totals.digests.valid == 6)
        let one = TrailSelection(accounts: ["111122223333"], regions: ["eu-west-1"])
        #expect(try VerifiedTrail(folder.path("copy"), keys: [signer], one).totals.digests.valid == 2)
    }

    @Test func metadataIsReadInEveryForm() throws {
        var trail = try SignedTrail(signer, hours: 1)
        let signature = trail.digests[0].metadata?["signature"] ?? ""
        trail.change(0) { $0.metadata = nil }
        let name = "copy/" + trail.digests[0].key
        for (ending, text) in [
            (".sig", signature), (".sig", signature + "\n"),
            (
                ".metadata",
                "{\"Metadata\": {\"signature\": \"\(signature)\", \"signature-algorithm\": \"SHA256withRSA\"}}"
            ),
            (".metadata", "{\"signature\": \"\(signature)\", \"signature-algorithm\": \"SHA256withRSA\"}"),
            (
                ".metadata.json",
                "{\"x-amz-meta-signature\": \"\(signature)\", \"X-Amz-Meta-Signature-Algorithm\": \"SHA256withRSA\"}"
            ),
        ] {
            let folder = try TemporaryDirectory()
            try trail.write(to: folder)
            #expect(try VerifiedTrail(folder.path("copy"), keys: [signer]).flaws.count == 2)
            try folder.write(text, to: name + ending)
            #expect(try VerifiedTrail(folder.path("copy"), keys: [signer]).flaws == [], "\(ending): \(text)")
        }
        try trail.write(to: folder)
        try folder.write("no object", to: name + ".metadata")
        #expect(try VerifiedTrail(folder.path("copy"), keys: [signer]).flaws.first == "digest 04: unreadable")
    }

    /// As it is in a folder with a copy in a copy: one of the two files is read, and the other one is said not to be.
    @Test func ofTwoFilesOfOneAddressNoneIsPassedOver() throws {
        let trail = try SignedTrail(signer, hours: 3)
        try trail.write(to: folder)
        try trail.write(to: folder, under: "copy/more")
        let found = try VerifiedTrail(folder.path("copy"), keys: [signer])
        #expect(found.flaws.count { $0.hasPrefix("unlisted") } == 3, "\(found.flaws)")
        #expect(found.totals.logs.valid == 3 && !found.totals.isAllValid)
    }

    @Test func addressesAreBytes() {
        let (one, other) = (ObjectAddress(bucket: "b", key: "\u{E9}"), ObjectAddress(bucket: "b", key: "e\u{301}"))
        #expect(one.key == other.key && one != other && Set([one, other, one]).count == 2)
    }

    @Test func aSignatureAloneIsEnoughForABackfillDigest() throws {
        let trail = try SignedTrail(signer, hours: 1)
        let name = String(trail.digests[0].key.dropLast(".json.gz".count)) + "_backfill.json.gz"
        let (bytes, signature) = (
            trail.files[trail.digests[0].key] ?? [], trail.digests[0].metadata?["signature"] ?? ""
        )
        try folder.write(bytes, to: "copy/" + name)
        try folder.write(signature, to: "copy/" + name + ".sig")
        // It was signed for another place, which is looked at behind its metadata.
        #expect(try VerifiedTrail(folder.path("copy"), keys: [signer]).flaws.first == "digest 04: moved")
    }

    @Test(arguments: ["", "a", "a/b", "AWSLogs/x.json.gz"])
    func soundPathsStayBelow(_ path: String) { #expect(FolderRoot.isSound(path) == !path.isEmpty) }

    @Test(arguments: ["..", "a/../b", "/a", "a//b", "a/", "./a", "a/.", "a\0b"])
    func othersAreNoPaths(_ path: String) { #expect(!FolderRoot.isSound(path)) }
}
