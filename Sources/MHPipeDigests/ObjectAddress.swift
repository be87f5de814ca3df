/// Where an object is: its bucket, and its key there.
package struct ObjectAddress: Sendable, Hashable, CustomStringConvertible {
    package var bucket: String
    package var key: String

    package init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    /// By bytes, as keys are; texts of different bytes can be equal.
    package static func == (left: ObjectAddress, right: ObjectAddress) -> Bool {
        left.bucket.utf8.elementsEqual(right.bucket.utf8) && left.key.utf8.elementsEqual(right.key.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        Self.hash(bucket, into: &hasher)
        Self.hash(key, into: &hasher)
    }

    private static func hash(_ text: String, into hasher: inout Hasher) {
        let isWhole: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if isWhole == nil {
            for byte in text.utf8 { hasher.combine(byte) }
        }
        // Stands in no text.
        hasher.combine(UInt8.max)
    }

    package var description: String { "s3://\(bucket)/\(key)" }

    /// The name behind the last slash of the key.
    package var name: Substring { key[(key.lastIndex(of: "/").map { key.index(after: $0) } ?? key.startIndex)...] }
}
