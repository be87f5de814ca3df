import MHPipeIO
import MHPipeRuntime

/// The version that `mhpipe --version` shows, and the newest one in the change log.
enum Version {
    static let current = "0.1.0"

    /// With what runs on this processor where others have something else, which explains how fast it is.
    static var line: String {
        let forms = (ObjectProof.usual?.form ?? "off", Checksum.usual?.form ?? "libdeflate")
        return "mhpipe \(current) (JSON: \(JSONKernels.usual), proof: \(forms.0), gzip checksum: \(forms.1))\n"
    }

    /// The line, one with the versions of the libraries that say theirs, and one with those of the headers of the others.
    ///
    /// What is loaded where it is used, such as OpenSSL, is not loaded for this.
    static var text: String {
        let built = (LibraryVersions.built + [("simdjson", JSONKernels.version)]).sorted { $0.0 < $1.0 }
        let lines = [("with", LibraryVersions.linked), ("built with", built)].map { word, libraries in
            let versions = libraries.map { "\($0.name) \($0.version)" }
            return versions.isEmpty ? "" : "\(word) \(versions.joined(separator: ", "))\n"
        }
        return line + lines.joined()
    }
}
