/// A part of an upload as the server has it.
package struct UploadedPart: Sendable, Hashable {
    package var size: Int
    /// With its quotes, as the server gave it.
    package var etag: String
    /// In Base64, where the server keeps checksums.
    package var checksum: String?

    package init(size: Int, etag: String, checksum: String? = nil) {
        (self.size, self.etag, self.checksum) = (size, etag, checksum)
    }

    /// The ETag without its quotes, which not every answer has.
    var tag: String { etag.filter { $0 != "\"" } }

    /// What is asked for where an upload is completed with these parts.
    static func list(_ parts: [UploadedPart]) -> [UInt8] {
        let lines = parts.enumerated().map { index, part in
            let checksum = part.checksum.map { "<ChecksumSHA256>\($0)</ChecksumSHA256>" } ?? ""
            return "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(escaped(part.etag))</ETag>\(checksum)</Part>"
        }
        let root = "CompleteMultipartUpload"
        return Array(
            "<\(root) xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(lines.joined())</\(root)>".utf8
        )
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}

/// A page of the parts that a server has of an upload.
struct UploadedParts {
    /// By their numbers; without checksums.
    private(set) var parts: [Int: UploadedPart] = [:]
    /// The number behind which the next page begins; nil on the last.
    private(set) var next: Int?

    /// Reads `ListPartsResult`; nil for anything else, and for one that was cut off.
    init?(_ body: [UInt8]) {
        var reader = XMLReader(body)
        var (isResult, isWhole, isTruncated) = (false, false, false)
        while let step = reader.next() {
            switch step {
            case .start("ListPartsResult"): isResult = true
            case .end("ListPartsResult"): isWhole = true
            case .start("IsTruncated"): isTruncated = reader.text() == "true"
            case .start("NextPartNumberMarker"): next = Int(reader.text())
            case .start("Part"):
                guard let (number, part) = Self.part(&reader) else { return nil }
                parts[number] = part
            default: break
            }
        }
        guard isResult, isWhole, !isTruncated || next != nil else { return nil }
        if !isTruncated { next = nil }
    }

    private static func part(_ reader: inout XMLReader) -> (Int, UploadedPart)? {
        var (number, size, etag) = (Int?.none, Int?.none, "")
        while let step = reader.next(), step != .end("Part") {
            switch step {
            case .start("PartNumber"): number = Int(reader.text())
            case .start("Size"): size = Int(reader.text())
            case .start("ETag"): etag = reader.text()
            default: break
            }
        }
        guard let number, let size else { return nil }
        return (number, UploadedPart(size: size, etag: etag))
    }
}
