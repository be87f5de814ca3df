import MHPipeIO

/// How far an upload is, for a run that goes on with it.
///
/// As bytes it is a line for each thing, an empty line, and the bytes that are in no part yet:
///
/// ```
/// mhpipe-upload 1
/// mark 3f0c...           what the object is known again by
/// upload 2~Vk...         the id, in hexadecimal digits; only once there are parts
/// size 20971520          of all bytes so far
/// whole no               `yes` when nothing more was to be written
/// hash 67e6...           the state of their hash
/// part 8388608 22643... 9n1c...   size, ETag in hexadecimal digits, checksum where there is one
/// ```
package struct UploadState: Sendable, Equatable {
    package var mark: String
    package var upload: String?
    package var size: Int
    package var isWhole: Bool
    package var hash: [UInt8]
    package var parts: [UploadedPart]
    package var tail: [UInt8]

    package init(
        mark: String,
        upload: String?,
        size: Int,
        isWhole: Bool,
        hash: [UInt8],
        parts: [UploadedPart],
        tail: [UInt8]
    ) {
        (self.mark, self.upload, self.size, self.isWhole) = (mark, upload, size, isWhole)
        (self.hash, self.parts, self.tail) = (hash, parts, tail)
    }

    private static let title = "mhpipe-upload 1"

    package var bytes: [UInt8] {
        var lines = [Self.title, "mark \(mark)"]
        if let upload { lines.append("upload \(Hexadecimal.text(upload.utf8))") }
        lines += ["size \(size)", "whole \(isWhole ? "yes" : "no")", "hash \(Hexadecimal.text(hash))"]
        lines += parts.map { part in
            "part \(part.size) \(Hexadecimal.text(part.etag.utf8))" + (part.checksum.map { " \($0)" } ?? "")
        }
        return Array((lines.joined(separator: "\n") + "\n\n").utf8) + tail
    }

    /// Reads what `bytes` gave; nil when it is something else.
    package init?(_ bytes: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: [newline, newline]) }) else {
            return nil
        }
        let tail = Array(bytes[(end + 2)...])
        self.init(mark: "", upload: nil, size: -1, isWhole: false, hash: [], parts: [], tail: tail)
        for line in String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\n").dropFirst() {
            let words = line.split(separator: " ")
            guard words.count > 1 else { return nil }
            switch words[0] {
            case "mark": mark = String(words[1])
            case "upload": upload = Self.text(words[1])
            case "size": size = Int(words[1]) ?? -1
            case "whole": isWhole = words[1] == "yes"
            case "hash": hash = Hexadecimal.bytes(words[1]) ?? []
            case "part":
                guard words.count > 2, let size = Int(words[1]), let etag = Self.text(words[2]) else { return nil }
                parts.append(UploadedPart(size: size, etag: etag, checksum: words.count > 3 ? String(words[3]) : nil))
            default: return nil
            }
        }
        // Lines that are missing, doubled or no numbers.
        guard self.bytes == bytes else { return nil }
    }

    private static func text(_ digits: Substring) -> String? {
        Hexadecimal.bytes(digits).map { String(decoding: $0, as: UTF8.self) }
    }
}
