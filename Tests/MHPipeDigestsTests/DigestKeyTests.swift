import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeDigests

@Suite struct DigestKeyTests {
    private static let folder = "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/01/02/"

    @Test(arguments: [
        ("t1", "20260102T035959Z.json.gz", false), ("my_trail", "20260102T035959Z.json.gz", false),
        ("a_b_c-d.e", "20260102T035959Z_backfill.json.gz", true), ("", "20260102T035959Z.json.gz", false),
    ])
    func aKeyIsTakenApart(_ trail: String, _ end: String, _ isBackfill: Bool) throws {
        let name = "111122223333_CloudTrail-Digest_eu-west-1_\(trail)_us-east-1_\(end)"
        let key = try #require(DigestKey(Self.folder + name))
        let chain = ChainName(account: "111122223333", region: "eu-west-1", trail: trail, homeRegion: "us-east-1")
        #expect(key.chain == chain && key.isBackfill == isBackfill)
        #expect("\(key.time)" == "2026-01-02T03:59:59Z")
        #expect(DigestKey(name)?.chain == chain)
        let ofOrganization = "p/AWSLogs/o-abc/111122223333/CloudTrail-Digest/eu-west-1/2026/01/02/" + name
        #expect(DigestKey(ofOrganization)?.chain.organization == "o-abc")
    }

    @Test(arguments: [
        "", "x.json.gz", "111122223333_CloudTrail_eu-west-1_20260102T0359Z_AAAAAAAAAAAAAAAA.json.gz",
        "111122223333_CloudTrail-Digest_eu-west-1_t_us-east-1_20260102T035959Z.json",
        "111122223333_CloudTrail-Digest_eu-west-1_t_us-east-1_20260102T0359Z.json.gz",
        "111122223333_CloudTrail-Digest_eu-west-1_t_us-east-1_20261302T035959Z.json.gz",
        "111122223333_CloudTrail-Digest_eu-west-1_20260102T035959Z.json.gz",
        "111122223333_CloudTrail-Digest_eu-west-1_t_us-east-1_20260102T035959Z.json.gz.metadata",
    ])
    func othersAreNoneOfDigestFiles(_ name: String) { #expect(DigestKey(Self.folder + name) == nil) }

    @Test(arguments: [
        ("", "it is not JSON"), ("no", "it is not JSON"), ("{", "it is not JSON"),
        ("{}", "there is no 'PublicKeyList' in it"), ("{\"PublicKeyList\": {}}", "there is no 'PublicKeyList' in it"),
        ("{\"PublicKeyList\": [{\"Value\": \"AA==\"}]}", "key 1 has no 'Fingerprint' or no 'Value'"),
        (
            "[{\"Fingerprint\": \"a\", \"Value\": \"AA==\"}, {\"Fingerprint\": \"a\", \"Value\": \"AB==\"}]",
            "two different keys"
        ),
    ])
    func filesWithoutKeysAreRefused(_ text: String, _ what: String) {
        var keys = PublicKeys()
        let error = #expect(throws: StageError.self) { try keys.add(Array(text.utf8), from: "k.json") }
        #expect(
            error?.message.contains(what) == true && error?.message.hasPrefix("'k.json'") == true,
            "\(error?.message ?? "")"
        )
    }

    @Test func keysOfSeveralRegionsMayStandInOneFile() throws {
        let signers = try [VerifiedTrail.signer.get(), VerifiedTrail.other.get()]
        var keys = PublicKeys()
        let text = signers.map { SigningKey.list([$0]) }.joined(separator: "\n")
        try keys.add(Array((text + "\n" + text).utf8), from: "k.json")
        for signer in signers { #expect(keys.key(signer.fingerprint)??.verifies([1], of: []) == false) }
        #expect(keys.key("x") == nil)
    }
}
