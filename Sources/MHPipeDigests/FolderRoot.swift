import MHPipeKit

/// A folder that holds a copy of what a bucket has under a prefix.
struct FolderRoot: Sendable {
    /// Its path, behind all links, with a slash at its end.
    let folder: String
    let bucket: String
    /// What stands before the path below the folder in keys.
    let keyPrefix: String

    /// The key of a file; nil when it is not below the folder.
    func key(of path: String) -> String? {
        path.hasPrefix(folder) ? keyPrefix + path.dropFirst(folder.count) : nil
    }

    /// Where an object is; nil when it is not one of the folder's, or its key would lead out of it.
    func path(of object: ObjectAddress) -> String? {
        guard object.bucket == bucket, object.key.hasPrefix(keyPrefix) else { return nil }
        let below = object.key.dropFirst(keyPrefix.count)
        return Self.isSound(below) ? folder + below : nil
    }

    /// True for a path that stays below where it begins, and that a folder can have.
    static func isSound(_ below: some StringProtocol) -> Bool {
        // By bytes, as the system takes it.
        !below.utf8.contains(0)
            && below.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
                !($0.count <= 2 && $0.allSatisfy { $0 == UInt8(ascii: ".") })
            }
    }

    /// The part of a digest file's path that is a part of its key as well, whatever folder the copy is in.
    ///
    /// It begins with `AWSLogs`, or with the account where that is not there.
    static func tail(of path: String) -> Substring? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if let place = parts.lastIndex(of: "AWSLogs") { return path[parts[place].startIndex...] }
        guard let place = parts.lastIndex(of: "CloudTrail-Digest"), place >= 1 else { return nil }
        let isOfOrganization = place >= 2 && parts[place - 2].hasPrefix("o-")
        return path[parts[place - (isOfOrganization ? 2 : 1)].startIndex...]
    }
}
