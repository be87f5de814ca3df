import CDeflate
import CISAL
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
        if let version = ofPCRE2 { versions.append(("pcre2", version)) }
        return versions.sorted { $0.0 < $1.0 }
    }

    /// Of those that do not say their version, the one of the headers that the program was built with.
    package static var built: [(name: String, version: String)] {
        [
            ("isa-l", "\(ISAL_MAJOR_VERSION).\(ISAL_MINOR_VERSION).\(ISAL_PATCH_VERSION)"),
            ("libdeflate", LIBDEFLATE_VERSION_STRING),
        ]
    }

    /// Its text has a date behind the version.
    private static var ofPCRE2: String? {
        guard let address = unsafe dlsym(nil, "pcre2_config_8") else { return nil }
        let configuration = unsafe unsafeBitCast(address, to: Configuration.self)
        // It needs 24 bytes or so, and says how many when there is no room given.
        let count = configuration(configurationOfVersion, nil)
        guard (1...256).contains(count) else { return nil }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(count)) { text in
            guard let start = text.baseAddress, unsafe configuration(configurationOfVersion, start) > 0 else {
                return nil
            }
            return unsafe String(cString: start).split(separator: " ").first.map(String.init)
        }
    }

    private typealias Configuration = @convention(c) (UInt32, UnsafeMutablePointer<CChar>?) -> Int32
    /// What headers call `PCRE2_CONFIG_VERSION`.
    private static let configurationOfVersion: UInt32 = 11
}
