import Foundation
import MHPipeIO

/// A pair of RSA keys that was made for the test, and signs as CloudTrail does: SHA-256, PKCS #1 v1.5.
public final class SigningKey: @unchecked Sendable /* libcrypto only reads a key that is made */ {
    private typealias Make = @convention(c) (Int32, OpaquePointer?) -> OpaquePointer?
    private typealias Step = @convention(c) (OpaquePointer) -> Int32
    private typealias Number = @convention(c) (OpaquePointer, Int32) -> Int32
    private typealias Give = @convention(c) (OpaquePointer, UnsafeMutablePointer<OpaquePointer?>) -> Int32
    private typealias Write =
        @convention(c) (OpaquePointer, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    private typealias Get = @convention(c) () -> OpaquePointer?
    private typealias Begin =
        @convention(c) (
            OpaquePointer, UnsafeMutablePointer<OpaquePointer?>?, OpaquePointer?, OpaquePointer?, OpaquePointer
        )
        -> Int32
    private typealias Sign =
        @convention(c) (
            OpaquePointer, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>, UnsafePointer<UInt8>, Int
        )
        -> Int32

    private struct Failure: Error {}

    private let library: LoadedLibrary
    private let key: OpaquePointer
    /// The public half in DER, as PKCS #1 has it.
    public let publicKey: [UInt8]
    /// What digest files call it.
    public let fingerprint: String

    /// Makes a pair; the process keeps it.
    public init() throws {
        library = try CryptoLibrary.shared.get()
        guard let context = try library.function("EVP_PKEY_CTX_new_id", Make.self)(6, nil),
            try library.function("EVP_PKEY_keygen_init", Step.self)(context) == 1,
            try library.function("EVP_PKEY_CTX_set_rsa_keygen_bits", Number.self)(context, 2048) == 1
        else { throw Failure() }
        var made: OpaquePointer?
        guard try library.function("EVP_PKEY_keygen", Give.self)(context, &made) == 1, let made else { throw Failure() }
        key = made
        let write = try library.function("i2d_PublicKey", Write.self)
        var bytes = [UInt8](repeating: 0, count: Int(write(made, nil)))
        bytes.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            _ = write(made, &start)
        }
        publicKey = bytes
        let hash = try SHA256()
        hash.update(bytes)
        fingerprint = Hexadecimal.text(hash.finish().prefix(16))
    }

    /// The signature of a text, as hexadecimal digits.
    public func signature(of text: String) throws -> String {
        guard let context = try library.function("EVP_MD_CTX_new", Get.self)(),
            try library.function("EVP_DigestSignInit", Begin.self)(
                context,
                nil,
                try library.function("EVP_sha256", Get.self)(),
                nil,
                key
            ) == 1
        else { throw Failure() }
        var bytes = [UInt8](repeating: 0, count: 256)
        var count = bytes.count
        let text = Array(text.utf8)
        guard try library.function("EVP_DigestSign", Sign.self)(context, &bytes, &count, text, text.count) == 1 else {
            throw Failure()
        }
        return Hexadecimal.text(bytes.prefix(count))
    }

    /// What `aws cloudtrail list-public-keys` prints of keys.
    public static func list(_ keys: [SigningKey]) -> String {
        let entries = keys.map {
            "{\"Value\": \"\(Data($0.publicKey).base64EncodedString())\", \"Fingerprint\": \"\($0.fingerprint)\"}"
        }
        return "{\"PublicKeyList\": [" + entries.joined(separator: ", ") + "]}"
    }
}
