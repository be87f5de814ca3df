/// A folder below `AWSLogs/`, where CloudTrail and other services deliver.
package struct TrailFolder: Sendable {
    /// The account, behind an organization where there is one.
    package let account: Substring?
    /// What is delivered, such as `CloudTrail`; services have the names that they like.
    package let kind: Substring?

    /// Reads a prefix, or the folder of a key; nil for what is no such layout.
    package init?(_ folder: String) {
        let parts = folder.split(separator: "/")
        guard let root = parts.lastIndex(of: "AWSLogs") else { return nil }
        var below = parts[(root + 1)...]
        if below.first?.hasPrefix("o-") == true { below = below.dropFirst() }
        account = below.first
        kind = below.dropFirst().first
    }

    /// The kind of digest files.
    package static let digests = "CloudTrail-Digest"

    /// True for log files of CloudTrail, whatever they are about.
    package static func isOfLogs(_ kind: Substring) -> Bool {
        kind == "CloudTrail" || kind.hasPrefix("CloudTrail-") && kind != digests
    }
}
