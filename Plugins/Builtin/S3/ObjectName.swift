import MHPipeAWS
import MHPipeKit

/// The names that objects may have.
enum ObjectName {
    /// What S3 takes for a key, in bytes.
    static let longest = 1024

    /// Refuses what is no bucket and key.
    static func check(_ path: PathTemplate) throws(OptionError) {
        let example = "s3://bucket/audit.jsonl.gz"
        guard let location = S3Location(path.file ?? path.folder) else {
            throw OptionError(option: "path", "needs a bucket and a key, as in \(example), not '\(path.path)'")
        }
        let parts = location.key.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains("."), !parts.contains("..") else {
            throw OptionError(option: "path", "has '.' or '..' in its key, which leads nowhere in a bucket")
        }
        guard path.file != nil else { return }
        guard !location.key.isEmpty, !location.key.hasSuffix("/") else {
            throw OptionError(
                option: "path",
                "names \(location.key.isEmpty ? "a bucket" : "a folder"), and needs the key of an object, as in \(example)"
            )
        }
        guard location.key.utf8.count <= longest else {
            throw OptionError(option: "path", "has a key of \(location.key.utf8.count) bytes, and S3 takes \(longest)")
        }
    }
}
