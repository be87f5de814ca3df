import MHPipeAWS
import MHPipeKit

/// A line of a list: a path or the address of an object, its size where the list knows it, and the ETag of an object.
struct ListedLine {
    enum Place {
        case file(FilePath)
        case object(S3Location)
    }

    /// Why a line names nothing.
    struct Mistake: Error {
        let reason: String
    }

    let place: Place
    let size: Int?
    let etag: String?

    /// Takes a line apart: what stands behind its last tab is the size, or the ETag of an object in quotation marks, with the size
    /// before it.
    init(_ line: [UInt8]) throws(Mistake) {
        var path = line[...]
        var size: Int?
        etag = line.starts(with: "s3://".utf8) ? Self.takeETag(from: &path) : nil
        if let tab = path.lastIndex(of: UInt8(ascii: "\t")) {
            let digits = path[(tab + 1)...]
            let text = String(decoding: digits, as: UTF8.self)
            guard digits.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
                throw Mistake(reason: "what stands behind its tab is no size in bytes")
            }
            path = path[..<tab]
            size = number
        }
        self.size = size
        if path.starts(with: "s3://".utf8) {
            // A key is text, so bytes that are none name no object.
            guard let text = String(validating: path, as: UTF8.self), let location = S3Location(text),
                !location.key.isEmpty, !location.key.hasSuffix("/")
            else { throw Mistake(reason: "it is no address of an object, such as s3://bucket/key") }
            place = .object(location)
        } else {
            guard !path.isEmpty, !path.contains(0) else { throw Mistake(reason: "it names no file") }
            place = .file(FilePath(bytes: Array(path)))
        }
    }

    private static func takeETag(from line: inout ArraySlice<UInt8>) -> String? {
        let quote = UInt8(ascii: "\"")
        guard let tab = line.lastIndex(of: UInt8(ascii: "\t")) else { return nil }
        let quoted = line[(tab + 1)...]
        guard quoted.count > 2, quoted.first == quote, quoted.last == quote,
            ListedName.isETag(quoted.dropFirst().dropLast())
        else { return nil }
        line = line[..<tab]
        return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
    }
}
