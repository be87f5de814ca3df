import MHPipeRuntime

/// The version that `mhpipe --version` shows, and the newest one in the change log.
enum Version {
    static let current = "0.1.0"

    /// With the form of the proof that runs on this processor, which explains how fast records are dropped.
    static var line: String { "mhpipe \(current) (proof: \(ObjectProof.usual?.form ?? "off"))\n" }
}
