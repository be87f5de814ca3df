import MHPipeIO
import MHPipeRuntime

/// The version that `mhpipe --version` shows, and the newest one in the change log.
enum Version {
    static let current = "0.1.0"

    /// With the forms of the proof and of the checksum that run on this processor, which explain how fast it is.
    static var line: String {
        let forms = (ObjectProof.usual?.form ?? "off", Checksum.usual?.form ?? "libdeflate")
        return "mhpipe \(current) (proof: \(forms.0), gzip checksum: \(forms.1))\n"
    }

    /// The line, and one with the versions of the libraries that say theirs.
    static var text: String {
        let libraries = LibraryVersions.linked.map { "\($0.name) \($0.version)" }
        return line + (libraries.isEmpty ? "" : "with " + libraries.joined(separator: ", ") + "\n")
    }
}
