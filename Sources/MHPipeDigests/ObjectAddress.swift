/// Where an object is: its bucket, and its key there.
package struct ObjectAddress: Sendable, Hashable, CustomStringConvertible {
    package var bucket: String
    package var key: String

    package init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    package var description: String { "s3://\(bucket)/\(key)" }

    /// The name behind the last slash of the key.
    package var name: Substring { key[(key.lastIndex(of: "/").map { key.index(after: $0) } ?? key.startIndex)...] }
}
