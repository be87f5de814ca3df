/// What outputs are called that are objects of a bucket: `s3://bucket/key`.
package enum BucketPath {
    private static let scheme = "s3://"

    /// True for a path, or a template, of objects.
    package static func isOne(_ path: String) -> Bool { path.hasPrefix(scheme) }

    /// The bucket and the parts of the key, some of which may be empty; nil for a path of files.
    package static func parts(_ path: [UInt8]) -> [ArraySlice<UInt8>]? {
        guard path.starts(with: scheme.utf8) else { return nil }
        return path.dropFirst(scheme.utf8.count).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    }
}
