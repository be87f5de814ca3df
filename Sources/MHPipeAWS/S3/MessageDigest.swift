import MHPipeIO

/// Hashes that are no proof of anything any more, as libcrypto has them, where AWS's formats ask for them.
enum MessageDigest {
    enum Algorithm: String {
        case md5 = "EVP_md5"
        case sha1 = "EVP_sha1"
    }

    private typealias Digest =
        @convention(c) (
            UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt32>?, OpaquePointer,
            OpaquePointer?
        ) -> Int32

    /// The hash of some bytes.
    ///
    /// - Throws: `StageError` when libcrypto is not there, or does not have it, as where it is held to FIPS 140.
    static func hash(_ bytes: [UInt8], by algorithm: Algorithm) throws -> [UInt8] {
        let library = try CryptoLibrary.shared.get()
        let find: @convention(c) () -> OpaquePointer? = unsafe try library.function(algorithm.rawValue)
        let digest: Digest = unsafe try library.function("EVP_Digest")
        var hash = [UInt8](repeating: 0, count: 64)
        var count: UInt32 = 0
        guard let found = unsafe find(), unsafe digest(bytes, bytes.count, &hash, &count, found, nil) == 1 else {
            throw CryptoLibrary.failure
        }
        return Array(hash.prefix(Int(count)))
    }
}
