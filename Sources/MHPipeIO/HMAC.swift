/// HMAC with SHA-256 (RFC 2104), as libcrypto has it, which is loaded when it is first asked for.
@safe
package struct HMAC: Sendable {
    private let library: Library

    /// - Throws: `StageError` when libcrypto is not there.
    package init() throws {
        library = try Library.shared.get()
    }

    /// The 32 bytes for some others.
    package func digest(of bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: SHA256.count)
        var count: UInt32 = 0
        let made = unsafe library.hmac(library.algorithm, key, Int32(key.count), bytes, bytes.count, &digest, &count)
        // Nothing but a lack of memory makes it fail.
        unsafe precondition(made != nil && Int(count) == SHA256.count, "libcrypto does not hash")
        return digest
    }

    /// The functions of libcrypto that are used.
    @safe
    private struct Library: @unchecked Sendable /* addresses of functions and of a constant, set once */ {
        let algorithm: OpaquePointer
        let hmac:
            @convention(c) (
                OpaquePointer, UnsafePointer<UInt8>, Int32, UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>,
                UnsafeMutablePointer<UInt32>
            ) -> OpaquePointer?

        static let shared = Result { try Library(CryptoLibrary.shared.get()) }

        init(_ library: LoadedLibrary) throws {
            let sha256: @convention(c) () -> OpaquePointer? = try unsafe library.function("EVP_sha256")
            guard let algorithm = unsafe sha256() else { throw CryptoLibrary.failure }
            unsafe self.algorithm = unsafe algorithm
            unsafe hmac = try unsafe library.function("HMAC")
        }
    }
}
