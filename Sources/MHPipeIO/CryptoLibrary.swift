package import MHPipeKit

/// libcrypto of OpenSSL 3, loaded when it is first needed.
package enum CryptoLibrary {
    /// The library, or why it is not there.
    package static let shared: Result<LoadedLibrary, any Error> = Result { try LoadedLibrary(names, failure: failure) }

    /// Why hashing cannot be had.
    package static let failure = StageError(
        "cannot load libcrypto 3, which hashes for it",
        advice: "install OpenSSL 3: package libssl3 or openssl-libs, with Homebrew openssl@3"
    )

    private static let names = [
        "libcrypto.so.3", "libcrypto.3.dylib", "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib",
        "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib",
    ]
}
