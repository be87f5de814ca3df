package import MHPipeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// SHA-256 (FIPS 180-4), as libcrypto has it, which is loaded when a hash is first asked for.
@safe
package final class SHA256 {
    /// The bytes of a hash.
    package static let count = 32

    private let library: Library
    // Invariant: made in `init`, freed in `deinit`.
    private let context: OpaquePointer

    /// Begins a hash.
    ///
    /// - Throws: `StageError` when libcrypto is not there.
    package init() throws(StageError) {
        library = try Library.shared.get()
        guard let context = unsafe library.makeContext() else { throw Library.failure }
        unsafe self.context = unsafe context
        start()
    }

    deinit {
        unsafe library.freeContext(context)
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
        start()
        return hash
    }

    private func start() {
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

        static let shared: Result<Library, StageError> = load()

        static let failure = StageError(
            "cannot load libcrypto 3, whose SHA-256 it needs",
            advice: "install OpenSSL 3: package libssl3 or openssl-libs, with Homebrew openssl@3"
        )

        private static func load() -> Result<Library, StageError> {
            do throws(StageError) {
                return .success(try Library())
            } catch {
                return .failure(error)
            }
        }

        private static let names = [
            "libcrypto.so.3", "libcrypto.3.dylib", "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib",
            "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib",
        ]

        init() throws(StageError) {
            guard let handle = unsafe Self.names.lazy.compactMap({ unsafe dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first
            else { throw Self.failure }
            func function<Function>(_ name: String, _ type: Function.Type = Function.self) throws(StageError)
                -> Function
            {
                guard let address = unsafe dlsym(handle, name) else { throw Self.failure }
                return unsafe unsafeBitCast(address, to: type)
            }
            let algorithm: @convention(c) () -> OpaquePointer? = try unsafe function("EVP_sha256")
            guard let sha256 = unsafe algorithm() else { throw Self.failure }
            unsafe self.algorithm = unsafe sha256
            unsafe makeContext = try unsafe function("EVP_MD_CTX_new")
            unsafe freeContext = try unsafe function("EVP_MD_CTX_free")
            unsafe start = try unsafe function("EVP_DigestInit_ex")
            unsafe update = try unsafe function("EVP_DigestUpdate")
            unsafe finish = try unsafe function("EVP_DigestFinal_ex")
        }
    }
}
