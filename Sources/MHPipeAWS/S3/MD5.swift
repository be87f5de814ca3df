import MHPipeIO

/// MD5, as libcrypto has it, for what S3 asks it of.
enum MD5 {
    private typealias Digest =
        @convention(c) (
            UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt32>?, OpaquePointer,
            OpaquePointer?
        ) -> Int32

    /// The 16 bytes for some others.
    ///
    /// - Throws: `StageError` when libcrypto is not there, or has no MD5, as where it is held to FIPS 140.
    static func hash(of bytes: [UInt8]) throws -> [UInt8] {
        let library = try CryptoLibrary.shared.get()
        let algorithm: @convention(c) () -> OpaquePointer? = try unsafe library.function("EVP_md5")
        let digest: Digest = try unsafe library.function("EVP_Digest")
        var hash = [UInt8](repeating: 0, count: 16)
        guard let md5 = unsafe algorithm(), unsafe digest(bytes, bytes.count, &hash, nil, md5, nil) == 1 else {
            throw CryptoLibrary.failure
        }
        return hash
    }
}
