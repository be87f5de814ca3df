import MHPipeKit

/// A page of a listing.
package struct S3Page: Sendable {
    /// In the order of the server.
    package private(set) var objects: [S3Object] = []
    /// What several keys begin with, up to the slash behind the prefix that was asked for.
    package private(set) var folders: [String] = []
    /// Where the next page begins; nil on the last.
    package private(set) var next: String?

    /// Reads `ListBucketResult`; nil for anything else, and for one that was cut off.
    init?(_ body: [UInt8]) {
        var reader = XMLReader(body)
        var (isResult, isWhole, isTruncated) = (false, false, false)
        var (isEncoded, isSound) = (false, true)
        var marker = (key: String?.none, version: "")
        while let step = reader.next() {
            switch step {
            case .start("ListBucketResult"), .start("ListVersionsResult"): isResult = true
            case .end("ListBucketResult"), .end("ListVersionsResult"): isWhole = true
            case .start("EncodingType"):
                isEncoded = reader.text() == "url"
            case .start("IsTruncated"): isTruncated = reader.text() == "true"
            case .start("NextContinuationToken"): next = reader.text()
            case .start("NextKeyMarker"): marker.key = reader.text()
            case .start("NextVersionIdMarker"): marker.version = reader.text()
            case .start("CommonPrefixes"): folders += Self.prefixes(&reader)
            case .start(let element) where Self.kinds.contains(element):
                guard let object = Self.object(&reader, element) else {
                    isSound = false
                    continue
                }
                objects.append(object)
            default: break
            }
        }
        // One token in the place of two.
        if let key = marker.key {
            next = (isEncoded ? PercentEncoding.decoded(key, isForm: true) : key) + "\0" + marker.version
        }
        guard isResult, isWhole, isSound, !isTruncated || next != nil else { return nil }
        if !isTruncated { next = nil }
        // It may stand behind what it is said of.
        if isEncoded {
            folders = folders.map { PercentEncoding.decoded($0, isForm: true) }
            for index in objects.indices {
                objects[index].key = PercentEncoding.decoded(objects[index].key, isForm: true)
            }
        }
        // Some servers give delete markers behind all versions.
        if objects.contains(where: \.isDeleteMarker) {
            let order = objects.enumerated().sorted { left, right in
                let (one, other) = (left.element.key.utf8, right.element.key.utf8)
                return one.elementsEqual(other) ? left.offset < right.offset : one.lexicographicallyPrecedes(other)
            }
            objects = order.map(\.element)
        }
    }

    private static func prefixes(_ reader: inout XMLReader) -> [String] {
        var prefixes: [String] = []
        while let step = reader.next(), step != .end("CommonPrefixes") {
            if step == .start("Prefix") { prefixes.append(reader.text()) }
        }
        return prefixes
    }

    /// What stands for an object, or for a version of one.
    private static let kinds: Set = ["Contents", "Version", deleteMarker]
    private static let deleteMarker = "DeleteMarker"

    /// Nil without a key, and without a size that an object can have.
    private static func object(_ reader: inout XMLReader, _ element: String) -> S3Object? {
        var (version, isLatest) = (String?.none, true)
        var (key, etag, size, storageClass, isRestored) = (String?.none, "", Int?.none, String?.none, false)
        while let step = reader.next(), step != .end(element) {
            switch step {
            case .start("Key"): key = reader.text()
            case .start("VersionId"): version = reader.text()
            case .start("IsLatest"): isLatest = reader.text() == "true"
            case .start("ETag"): etag = reader.text().unquoted
            case .start("Size"): size = Int(reader.text())
            case .start("StorageClass"): storageClass = reader.text()
            case .start("RestoreExpiryDate"): isRestored = true
            default: break
            }
        }
        if element == deleteMarker { size = 0 }
        guard let key, let size, size >= 0 else { return nil }
        var object = S3Object(key: key, etag: etag, size: size)
        (object.versionID, object.isLatest) = (version, isLatest)
        object.isDeleteMarker = element == deleteMarker
        object.storageClass = storageClass == "STANDARD" ? nil : storageClass
        object.isRestored = isRestored
        return object
    }
}
