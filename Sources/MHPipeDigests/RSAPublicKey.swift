import MHPipeIO

/// A public key for RSA, and what it says of signatures: PKCS #1 v1.5 with SHA-256 (RFC 8017 section 8.2), by libcrypto.
///
/// Invariant: `key` is made in `init` and freed in `deinit`.
@safe
package final class RSAPublicKey: @unchecked Sendable /* libcrypto only reads a key that is made */ {
    private let library: Library
    private let key: OpaquePointer

    /// Reads a key; nil when it is none.
    ///
    /// - Parameter der: `RSAPublicKey` of PKCS #1 in DER, as CloudTrail hands it out.
    /// - Throws: `StageError` when there is no libcrypto.
    package init?(pkcs1 der: [UInt8]) throws {
        let library = try Library.shared.get()
        self.library = library
        let key = unsafe der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return unsafe library.readKey(Library.rsa, nil, &start, bytes.count)
        }
        guard let key = unsafe key else { return nil }
        unsafe self.key = unsafe key
    }

    deinit {
        unsafe library.freeKey(key)
    }

    /// True when the key's owner has signed the text.
    package func verifies(_ signature: [UInt8], of text: [UInt8]) -> Bool {
        guard let context = unsafe library.makeContext() else { return false }
        defer { unsafe library.freeContext(context) }
        return unsafe library.begin(context, nil, library.sha256, nil, key) == 1
            && library.verify(context, signature, signature.count, text, text.count) == 1
    }

    /// The functions of libcrypto 3 that are used.
    @safe
    private struct Library: @unchecked Sendable /* addresses of functions and of a constant, set once */ {
        let sha256: OpaquePointer
        let readKey:
            @convention(c) (
                Int32, UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int
            ) -> OpaquePointer?
        let freeKey: @convention(c) (OpaquePointer) -> Void
        let makeContext: @convention(c) () -> OpaquePointer?
        let freeContext: @convention(c) (OpaquePointer) -> Void
        let begin:
            @convention(c) (
                OpaquePointer, UnsafeMutablePointer<OpaquePointer?>?, OpaquePointer, OpaquePointer?, OpaquePointer
            ) -> Int32
        let verify: @convention(c) (OpaquePointer, UnsafePointer<UInt8>, Int, UnsafePointer<UInt8>, Int) -> Int32

        /// `EVP_PKEY_RSA`.
        static let rsa: Int32 = 6
        static let shared = Result { try Library(CryptoLibrary.shared.get()) }

        init(_ library: LoadedLibrary) throws {
            let algorithm: @convention(c) () -> OpaquePointer? = try unsafe library.function("EVP_sha256")
            guard let sha256 = unsafe algorithm() else { throw CryptoLibrary.failure }
            unsafe self.sha256 = unsafe sha256
            unsafe readKey = try unsafe library.function("d2i_PublicKey")
            unsafe freeKey = try unsafe library.function("EVP_PKEY_free")
            unsafe makeContext = try unsafe library.function("EVP_MD_CTX_new")
            unsafe freeContext = try unsafe library.function("EVP_MD_CTX_free")
            unsafe begin = try unsafe library.function("EVP_DigestVerifyInit")
            unsafe verify = try unsafe library.function("EVP_DigestVerify")
        }
    }
}
