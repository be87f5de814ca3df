/// A text that is no JSON, known by how it begins.
struct ForeignText {
    /// What it is, and what to do about it.
    let reason: String

    init?(_ start: some Collection<UInt8>, isWhole: Bool) {
        let text = String(decoding: start, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        let line = text.prefix { !$0.isNewline }
        let start = line.lowercased()
        let reason: String? =
            if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") {
                "an HTML page in place of the file; fetch the file again, and look at what was answered"
            } else if let code = Self.errorCode(text) {
                "an error answer of S3 (\(code)) in place of the file; fetch the file again"
            } else if start.hasPrefix("<?xml") {
                "XML, and JSON is read; \(ForeignContent.elsewhere)"
            } else if start.hasPrefix("-----begin ") {
                "a key or a certificate (PEM), and JSON is read; \(ForeignContent.elsewhere)"
            } else if start.hasPrefix("version https://git-lfs") {
                "a Git LFS pointer in place of the file; fetch the file: git lfs pull"
            } else if start.hasPrefix("s3://") || start.hasPrefix("arn:aws") {
                "names of objects, not what is in them; copy them first: aws s3 cp"
            } else if isWhole || line.endIndex < text.endIndex, Self.isHeader(line, of: text) {
                "a table (CSV), and JSON is read; export JSON, or take CloudTrail's own files from the bucket"
            } else {
                Self.binary(text)
            }
        guard let reason else { return nil }
        self.reason = reason
    }

    /// The `Code` of an error answer.
    private static func errorCode(_ text: Substring) -> Substring? {
        guard text.hasPrefix("<"), let error = rest(of: text, behind: "<Error>"),
            let code = rest(of: error, behind: "<Code>")
        else { return nil }
        return code.prefix { $0 != "<" }
    }

    private static func rest(of text: Substring, behind tag: String) -> Substring? {
        text.indices.lazy.map { text[$0...] }.first { $0.hasPrefix(tag) }?.dropFirst(tag.count)
    }

    static let unknownBinary =
        "binary data of an unknown kind; JSON is read, as it is or compressed with gzip; see what it is: file FILE"

    /// What text never holds.
    private static func binary(_ text: Substring) -> String? {
        guard text.unicodeScalars.contains("\0") else { return nil }
        return text.unicodeScalars.allSatisfy { $0 == "\0" }
            ? "zero bytes alone; what was there is lost, so fetch the file again"
            : unknownBinary
    }

    /// True for names of columns, in quotes or not, with commas, semicolons or tabs between them; two are some where the
    /// next line has two cells as well.
    private static func isHeader(_ line: Substring, of text: Substring) -> Bool {
        let next = text[line.endIndex...].drop { $0.isNewline }.prefix { !$0.isNewline }
        return [",", ";", "\t"].contains { separator in
            let fields = line.split(separator: separator, omittingEmptySubsequences: false)
            return fields.count >= (next.split(separator: separator).count == 2 ? 2 : 3)
                && fields.allSatisfy { field in
                    let isQuoted = field.count >= 2 && field.first == "\"" && field.last == "\""
                    let name = isQuoted ? field.dropFirst().dropLast() : field
                    return name.first?.isLetter == true
                        && name.allSatisfy { $0.isLetter || $0.isNumber || " _-./()".contains($0) }
                }
        }
    }
}
