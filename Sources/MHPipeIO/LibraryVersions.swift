import Libc

/// The versions of the C libraries that the process has loaded, as far as they say them.
package enum LibraryVersions {
    private typealias Version = @convention(c) () -> UnsafePointer<CChar>?
    private typealias NumberedVersion = @convention(c) (Int32) -> UnsafePointer<CChar>?

    /// For each library its name and its version; those that the program is linked with, and OpenSSL.
    package static var all: [(name: String, version: String)] {
        var versions = linked
        let openSSL: NumberedVersion? = try? unsafe CryptoLibrary.shared.get().function("OpenSSL_version")
        if let text = openSSL?(0) { versions.append(("openssl", unsafe String(cString: text))) }
        return versions.sorted { $0.0 < $1.0 }
    }

    /// The same for those that the program is linked with, which costs no loading.
    package static var linked: [(name: String, version: String)] {
        var versions: [(String, String)] = []
        let plain = [("sqlite", "sqlite3_libversion"), ("zstd", "ZSTD_versionString")]
        for (name, function) in plain {
            guard let address = unsafe dlsym(nil, function) else { continue }
            let version = unsafe unsafeBitCast(address, to: Version.self)
            if let text = unsafe version() { versions.append((name, unsafe String(cString: text))) }
        }
        return versions
    }
}
