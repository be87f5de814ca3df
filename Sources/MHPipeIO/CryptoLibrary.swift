import Libc
package import MHPipeKit

/// libcrypto of OpenSSL 3, loaded when it is first needed, so that nobody else pays for it.
///
/// Invariant: the handle is never closed.
@safe
package struct CryptoLibrary: @unchecked Sendable /* a handle that is set once */ {
    private let handle: UnsafeMutableRawPointer

    /// The library, or why it is not there.
    package static let shared: Result<CryptoLibrary, any Error> = Result { try CryptoLibrary() }

    /// Why hashing cannot be had.
    package static let failure = StageError(
        "cannot load libcrypto 3, which hashes for it",
        advice: "install OpenSSL 3: package libssl3 or openssl-libs, with Homebrew openssl@3"
    )

    private static let names = [
        "libcrypto.so.3", "libcrypto.3.dylib", "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib",
        "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib",
    ]

    private init() throws {
        guard let handle = unsafe Self.names.lazy.compactMap({ unsafe dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
            throw Self.failure
        }
        unsafe self.handle = unsafe handle
    }

    /// A function of the library, whose type the caller knows.
    ///
    /// - Throws: `StageError` when the library has no such function.
    package func function<Function>(_ name: String, _ type: Function.Type = Function.self) throws -> Function {
        guard let address = unsafe dlsym(handle, name) else { throw Self.failure }
        return unsafe unsafeBitCast(address, to: type)
    }
}
