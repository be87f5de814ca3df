import MHPipeAWS
import MHPipeKit

/// A line of a list: a path or the address of an object, and its size where the list knows it.
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

    /// Takes a line apart: what stands behind its last tab is the size.
    init(_ line: [UInt8]) throws(Mistake) {
        var path = line[...]
        var size: Int?
        if let tab = line.lastIndex(of: UInt8(ascii: "\t")) {
            let digits = line[(tab + 1)...]
            let text = String(decoding: digits, as: UTF8.self)
            guard digits.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
                throw Mistake(reason: "what stands behind its tab is no size in bytes")
            }
            path = line[..<tab]
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
}
