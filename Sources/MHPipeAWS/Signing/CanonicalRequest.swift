/// The text of a request that Signature Version 4 hashes.
package struct CanonicalRequest: Sendable {
    /// The text.
    package let text: String
    /// The names of the headers in it, in the order in which they stand there.
    package let signedHeaders: String

    /// What changes on the way, so that it is not signed.
    private static let unsigned: Set<String> = ["authorization", "user-agent", "connection", "expect"]

    /// - Parameters:
    ///   - method: The method.
    ///   - path: The path as it is sent.
    ///   - query: The query as it is sent: encoded and sorted.
    ///   - headers: All headers, `Host` among them.
    ///   - payload: The hash of the body, or what stands for it.
    ///   - encodesPathAgain: True for every service but S3, whose paths mean what they say.
    package init(
        method: String,
        path: String,
        query: String,
        headers: [(name: String, value: String)],
        payload: String,
        encodesPathAgain: Bool
    ) {
        var signed = headers.enumerated().map { (name: $1.name.lowercased(), place: $0, value: $1.value) }
        signed.removeAll { Self.unsigned.contains($0.name) }
        signed.sort { ($0.name, $0.place) < ($1.name, $1.place) }
        var (names, lines) = ("", "")
        for (place, header) in signed.enumerated() {
            if place > 0, signed[place - 1].name == header.name {
                // Of one name, all values stand in one line.
                lines.removeLast()
                lines += ","
            } else {
                names += names.isEmpty ? header.name : ";" + header.name
                lines += header.name + ":"
            }
            lines += Self.trimmed(header.value)
            lines += "\n"
        }
        signedHeaders = names
        let path = encodesPathAgain ? PercentEncoding.encoded(Self.normalized(path), keepsSlashes: true) : path
        text = "\(method)\n\(path)\n\(query)\n\(lines)\n\(signedHeaders)\n\(payload)"
    }

    /// Without space around it, and with one for several.
    private static func trimmed(_ value: String) -> String {
        // As nearly all come.
        if value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return value }
        return value.split { $0 == " " || $0 == "\t" || $0.isNewline }.joined(separator: " ")
    }

    /// Without empty parts, `.` and `..`.
    private static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { parts = parts.dropLast() } else { parts.append(part) }
        }
        let ending = path.hasSuffix("/") && !parts.isEmpty ? "/" : ""
        return "/" + parts.joined(separator: "/") + ending
    }
}
