import MHPipeIO
import MHPipeKit

/// A key of the customer's that S3 encrypts objects with (SSE-C), which has to come with every request.
package struct S3CustomerKey: Sendable {
    let headers: [(name: String, value: String)]

    /// Reads a key from a file: its 32 bytes, or those in Base64 or hexadecimal digits.
    ///
    /// - Throws: `StageError` when there is no such key in it.
    package init(file path: String) throws {
        let bytes = try SmallFile.bytes(path) ?? []
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard
            let key = [bytes, Base64.bytes(text), Hexadecimal.bytes(text)].lazy.compactMap({ $0 }).first(where: {
                $0.count == 32
            })
        else {
            throw StageError("'\(path)' holds no key of 32 bytes, nor one in Base64 or hexadecimal digits")
        }
        headers = [
            ("X-Amz-Server-Side-Encryption-Customer-Algorithm", "AES256"),
            ("X-Amz-Server-Side-Encryption-Customer-Key", Base64.text(key)),
            ("X-Amz-Server-Side-Encryption-Customer-Key-MD5", Base64.text(try MessageDigest.hash(key, by: .md5))),
        ]
    }
}
