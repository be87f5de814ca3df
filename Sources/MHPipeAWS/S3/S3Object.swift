/// An object as a listing has it.
package struct S3Object: Sendable, Hashable {
    package var key: String
    /// Without quotes.
    package var etag: String
    package var size: Int
    /// Nil for the usual one.
    package var storageClass: String?
    /// True for an archived object of which a copy can be read for now.
    package var isRestored = false
    /// True for one of Intelligent-Tiering that has moved to an archive, which no listing says.
    package var isInArchiveTier = false
    /// True for one that mhpipe has written, which no listing says.
    package var isOutput = false

    /// Where versions are listed: which one it is; `null` for one that was written before the bucket had any.
    package var versionID: String?
    /// False for an earlier version.
    package var isLatest = true
    /// True for a version that only says that the object was deleted.
    package var isDeleteMarker = false

    package init(key: String, etag: String, size: Int, storageClass: String? = nil) {
        self.key = key
        self.etag = etag
        self.size = size
        self.storageClass = storageClass
    }

    /// True when it cannot be read before it is restored.
    package var isArchived: Bool {
        !isRestored && (storageClass == "GLACIER" || storageClass == "DEEP_ARCHIVE" || isInArchiveTier)
    }
}

extension String {
    /// An ETag without the quotes that it comes in.
    package var unquoted: String {
        utf8.contains(UInt8(ascii: "\""))
            ? String(decoding: utf8.filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self) : self
    }
}
