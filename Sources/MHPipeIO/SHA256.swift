import Libc

/// SHA-256 (FIPS 180-4), as libcrypto has it, which is loaded when a hash is first asked for.
@safe
package final class SHA256 {
    /// The bytes of a hash.
    package static let count = 32

    private let library: Library
    private let handle: CHandle
    private var context: OpaquePointer { unsafe handle.pointer }

    /// Begins a hash.
    ///
    /// - Throws: `StageError` when libcrypto is not there.
    package init() throws {
        let library = try Library.shared.get()
        guard let handle = unsafe CHandle(owning: library.makeContext(), free: { unsafe library.freeContext($0) })
        else {
            throw CryptoLibrary.failure
        }
        self.library = library
        self.handle = handle
        begin()
    }

    /// Takes more bytes.
    package func update(_ bytes: UnsafeRawBufferPointer) {
        let isDone = unsafe library.update(context, bytes.baseAddress, bytes.count) == 1
        precondition(isDone, "libcrypto does not hash")
    }

    /// Takes more bytes.
    package func update(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    /// The hash of all bytes so far; another one begins.
    package func finish() -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: Self.count)
        let isDone = unsafe hash.withUnsafeMutableBytes { unsafe library.finish(context, $0.baseAddress, nil) == 1 }
        precondition(isDone, "libcrypto does not hash")
        begin()
        return hash
    }

    /// Forgets the bytes so far.
    package func begin() {
        let isDone = unsafe library.start(context, library.algorithm, nil) == 1
        precondition(isDone, "libcrypto does not hash")
    }

    /// The functions of libcrypto 3 that are used.
    @safe
    private struct Library: @unchecked Sendable /* addresses of functions and of a constant, set once */ {
        let algorithm: OpaquePointer
        let makeContext: @convention(c) () -> OpaquePointer?
        let freeContext: @convention(c) (OpaquePointer) -> Void
        let start: @convention(c) (OpaquePointer, OpaquePointer, OpaquePointer?) -> Int32
        let update: @convention(c) (OpaquePointer, UnsafeRawPointer?, Int) -> Int32
        let finish: @convention(c) (OpaquePointer, UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt32>?) -> Int32

        static let shared = Result { try Library(CryptoLibrary.shared.get()) }

        init(_ library: LoadedLibrary) throws {
            let algorithm: @convention(c) () -> OpaquePointer? = try unsafe library.function("EVP_sha256")
            guard let sha256 = unsafe algorithm() else { throw CryptoLibrary.failure }
            unsafe self.algorithm = unsafe sha256
            unsafe makeContext = try unsafe library.function("EVP_MD_CTX_new")
            unsafe freeContext = try unsafe library.function("EVP_MD_CTX_free")
            unsafe start = try unsafe library.function("EVP_DigestInit_ex")
            unsafe update = try unsafe library.function("EVP_DigestUpdate")
            unsafe finish = try unsafe library.function("EVP_DigestFinal_ex")
        }
    }
}
