/// A bucket, and what the keys in it begin with: `s3://bucket/prefix`.
package struct S3Location: Sendable, Hashable {
    package var bucket: String
    /// With no slash before it; empty for the whole bucket.
    package var key: String

    /// Reads `s3://bucket/key`; nil for what is none, and for names that no bucket has.
    package init?(_ url: String) {
        guard url.hasPrefix("s3://") else { return nil }
        let rest = url.dropFirst(5)
        let bucket = rest.prefix { $0 != "/" }
        guard Self.isBucket(bucket) else { return nil }
        self.bucket = String(bucket)
        key = String(rest[bucket.endIndex...].dropFirst())
    }

    package init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    package var url: String { "s3://\(bucket)/\(key)" }

    /// Old buckets may have upper-case letters and underscores.
    private static func isBucket(_ name: Substring) -> Bool {
        3...255 ~= name.utf8.count
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
