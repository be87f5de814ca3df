import MHPipeIO
import MHPipeKit

/// The hashes that go with bytes that are sent, by which the server finds out what became of them on the way.
struct BodyChecksums: Sendable {
    let sha256: [UInt8]
    /// Nil where libcrypto is held to FIPS 140 and has none.
    private let md5: [UInt8]?

    /// - Throws: `StageError` when there is nothing to hash with.
    init(_ bytes: [UInt8]) throws {
        let hash = try SHA256()
        hash.update(bytes)
        sha256 = hash.finish()
        md5 = try? MessageDigest.hash(bytes, by: .md5)
    }

    /// For servers that know the checksums of S3, and for those that know the one of HTTP alone.
    var headers: [(name: String, value: String)] {
        [("X-Amz-Checksum-Sha256", Base64.text(sha256))] + (md5.map { [("Content-MD5", Base64.text($0))] } ?? [])
    }

    /// False when the server says that it has other bytes.
    func agree(with response: HTTPResponse) -> Bool {
        if let checksum = response["x-amz-checksum-sha256"], checksum != Base64.text(sha256) { return false }
        guard let md5, let etag = response["etag"].flatMap({ Hexadecimal.bytes($0.filter { $0 != "\"" }) }),
            etag.count == md5.count, response.hasPlainTag
        else { return true }
        return etag == md5
    }
}

extension HTTPResponse {
    /// True where an ETag of 16 bytes is the MD5 of the object: not where a key of somebody else encrypts it.
    fileprivate var hasPlainTag: Bool {
        self["x-amz-server-side-encryption-customer-algorithm"] == nil
            && ["AES256", nil].contains(self["x-amz-server-side-encryption"])
    }
}
