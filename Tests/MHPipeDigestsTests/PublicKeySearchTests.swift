import MHPipeAWS
import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeDigests

/// Each region has public keys of its own, and one that has none says nothing of the others.
@Suite(.timeLimit(.minutes(30))) struct PublicKeySearchTests {
    private let folder: TemporaryDirectory
    private let signer: SigningKey
    private let said = Lines()

    init() throws {
        folder = try TemporaryDirectory()
        signer = try VerifiedTrail.signer.get()
        try plant("us-west-2", signer)
    }

    private func plant(_ region: String, _ signer: SigningKey) throws {
        try SignedTrail(signer, hours: 1, region: region, homeRegion: region).write(to: folder)
    }

    /// What CloudTrail answers: keys, or why it gives none.
    private func search(_ answers: [String: Result<[SigningKey], any Error>]) -> PublicKeySearch {
        let answers = answers.mapValues { $0.map { keys in [Array(SigningKey.list(keys).utf8)] } }
        return PublicKeySearch(
            { region, _ in try answers[region, default: .failure(StageError("nobody"))].get() },
            warn: { [said] text in said.all.withLock { $0.append(text) } }
        )
    }

    private func verified(_ search: PublicKeySearch) throws -> VerifiedTrail {
        try VerifiedTrail(folder.path("copy"), keys: []) { search.keys($0, $1) }
    }

    @Test(
        arguments: [
            // The chain of the first one comes before that of the region that there is.
            ("aa-nowhere-1", .failure(StageError("no such host")), "no such host"),
            ("zz-nowhere-1", .failure(StageError("no such host")), "no such host"),
            ("eu-west-1", .success([]), "has no public keys of eu-west-1"),
        ] as [(String, Result<[SigningKey], any Error>, String)]
    )
    func aRegionWithoutKeysLeavesTheOthers(
        region: String,
        answer: Result<[SigningKey], any Error>,
        reason: String
    ) throws {
        // Were the keys of the other region taken for it, this one would be valid.
        try plant(region, signer)
        let search = search(["us-west-2": .success([signer]), region: answer])
        let found = try verified(search)
        #expect(found.flaws == ["digest 04: unverified, no_public_keys", "log 03: unverified, digest"])
        #expect(found.totals.digests.valid == 1 && found.totals.logs.valid == 1 && !found.totals.isAllValid)
        #expect(found.totals.hasKeys && found.totals.keyRegions == ["us-west-2"])
        #expect(found.totals.keylessRegions.keys.sorted() == [region])
        #expect(found.totals.keylessRegions[region]?.contains(reason) == true)
        #expect(said.all.withLock { $0 } == [found.totals.keylessRegions[region] ?? ""])

        let store = try FolderStore(FilePath(folder.path("copy")))
        let verifier = TrailVerifier(store, keys: nil, TrailSelection(), now: .now) { search.keys($0, $1) }
        let index = try TrailIndex(verifier)
        #expect(index.hasKeys && index.keylessDigests == 1 && index.unverifiedDigests == 0 && index.invalidDigests == 0)
        for (place, expected) in [("us-west-2", LogIntegrity.verified), (region, .unsigned)] {
            let key = try SignedTrail(signer, hours: 1, region: place, homeRegion: place).logKey(0, 0)
            let object = ObjectAddress(bucket: SignedTrail.bucket, key: key)
            let asked = Locked<AskedObject?>(nil)
            store.ask(for: object) { object in asked.withLock { $0 = object } }
            let found = try #require(asked.withLock { $0 })
            #expect(try index.integrity(of: object) { try found.open().stream } == expected)
        }
    }

    @Test func keysOfAnotherRegionCountForNothing() throws {
        let other = try VerifiedTrail.other.get()
        try plant("eu-west-1", signer)
        let found = try verified(search(["us-west-2": .success([signer]), "eu-west-1": .success([other])]))
        #expect(found.flaws == ["digest 04: public_key", "log 03: unverified, digest"])
        #expect(found.totals.keyRegions == ["eu-west-1", "us-west-2"])
    }

    @Test func whereNoRegionHasKeysNothingIsVerified() throws {
        let found = try verified(search([:]))
        #expect(found.flaws == ["digest 04: unverified, no_public_keys", "log 03: unverified, digest"])
        #expect(!found.totals.hasKeys && found.totals.keyRegions == [])
    }

    /// More than are asked at once.
    @Test func allRegionsAreAsked() throws {
        let regions = (10..<40).map { "xx-region-\($0)" }
        let asked = Locked<Set<String>>([])
        let search = PublicKeySearch(
            { [signer] region, _ in
                asked.withLock { _ = $0.insert(region) }
                return [Array(SigningKey.list([signer]).utf8)]
            },
            warn: { _ in }
        )
        let found = search.keys(regions, .now..<(.now))
        #expect(found.count == 30 && asked.withLock { $0 } == Set(regions))
    }

    /// What the user is told.
    private final class Lines: Sendable {
        let all = Locked<[String]>([])
    }
}
