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
        while let step = reader.next() {
            switch step {
            case .start("ListBucketResult"): isResult = true
            case .end("ListBucketResult"): isWhole = true
            case .start("EncodingType"):
                isEncoded = reader.text() == "url"
            case .start("IsTruncated"): isTruncated = reader.text() == "true"
            case .start("NextContinuationToken"): next = reader.text()
            case .start("CommonPrefixes"): folders += Self.prefixes(&reader)
            case .start("Contents"):
                guard let object = Self.object(&reader) else {
                    isSound = false
                    continue
                }
                objects.append(object)
            default: break
            }
        }
        guard isResult, isWhole, isSound, !isTruncated || next != nil else { return nil }
        if !isTruncated { next = nil }
        // It may stand behind what it is said of.
        guard isEncoded else { return }
        folders = folders.map { PercentEncoding.decoded($0, isForm: true) }
        for index in objects.indices { objects[index].key = PercentEncoding.decoded(objects[index].key, isForm: true) }
    }

    private static func prefixes(_ reader: inout XMLReader) -> [String] {
        var prefixes: [String] = []
        while let step = reader.next(), step != .end("CommonPrefixes") {
            if step == .start("Prefix") { prefixes.append(reader.text()) }
        }
        return prefixes
    }

    /// Nil without a key, and without a size that an object can have.
    private static func object(_ reader: inout XMLReader) -> S3Object? {
        var (key, etag, size, storageClass, isRestored) = (String?.none, "", Int?.none, String?.none, false)
        while let step = reader.next(), step != .end("Contents") {
            switch step {
            case .start("Key"): key = reader.text()
            case .start("ETag"): etag = reader.text().filter { $0 != "\"" }
            case .start("Size"): size = Int(reader.text())
            case .start("StorageClass"): storageClass = reader.text()
            case .start("RestoreExpiryDate"): isRestored = true
            default: break
            }
        }
        guard let key, let size, size >= 0 else { return nil }
        var object = S3Object(key: key, etag: etag, size: size)
        object.storageClass = storageClass == "STANDARD" ? nil : storageClass
        object.isRestored = isRestored
        return object
    }
}
