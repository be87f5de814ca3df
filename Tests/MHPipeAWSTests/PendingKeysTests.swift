import Testing

@testable import MHPipeAWS

@Suite struct PendingKeysTests {
    private static let hash = "0123456789abcdef0123456789abcdef"

    @Test func givesBackWhatItWasGiven() {
        var restored = S3Object(key: "b", etag: Self.hash, size: 1, storageClass: "GLACIER")
        restored.isRestored = true
        var (old, gone) = (S3Object(key: "v", etag: Self.hash, size: 3), S3Object(key: "v", etag: "", size: 0))
        (old.versionID, old.isLatest, old.storageClass) = (
            "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY+MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo", false, "X"
        )
        (gone.versionID, gone.isDeleteMarker) = ("null", true)
        let objects = [
            old, gone, S3Object(key: "", etag: "", size: 0), S3Object(key: "a", etag: Self.hash, size: 127),
            S3Object(key: "aa", etag: Self.hash + "-12", size: 128),
            S3Object(key: "aaa", etag: Self.hash + "-", size: 1 << 40),
            S3Object(key: "aa", etag: Self.hash.uppercased(), size: 1), restored,
            S3Object(key: "é/ü", etag: "weak", size: 1, storageClass: "DEEP_ARCHIVE"),
            S3Object(key: "é/ö", etag: Self.hash + "-012", size: 1, storageClass: "GLACIER"),
            S3Object(key: "é", etag: Self.hash + "-1-2", size: 1, storageClass: "X"),
        ]
        var keys = PendingKeys(objects)
        #expect(keys.count == objects.count)
        var found: [S3Object] = []
        while let object = keys.popFirst() { found.append(object) }
        #expect(found == objects)
        #expect(keys.count == 0)
    }

    @Test func takesLessThan64BytesForAKeyOfCloudTrail() {
        let account = "111122223333"
        let objects = (0..<1000).map { number in
            let minute = String(1000 + number / 40 % 60).dropFirst(2)
            let unique =
                String((UInt64(number) &* 0x9e37_79b9_7f4a_7c15), radix: 36, uppercase: true) + "abcdefghijklmnop"
            return S3Object(
                key: "AWSLogs/\(account)/CloudTrail/us-east-1/2026/05/31/\(account)_CloudTrail_us-east-1_"
                    + "20260531T12\(minute)Z_\(unique.prefix(16)).json.gz",
                etag: String((Self.hash + String(number, radix: 16)).suffix(32)),
                size: 10_000 + number
            )
        }
        #expect(PendingKeys(objects).byteCount < 64 * objects.count)
    }
}
