extension AWSRefusal {
    private static let authorization = Array("authorization=".utf8)
    /// A secret key has 40 characters, a signature 64, a session token some hundred.
    private static let leastSecret = 40

    /// What a service says, without what it quotes of the request: services quote what was signed, behind the first line,
    /// with the session token in it, and the header that was sent.
    static func withoutSecrets(_ message: String) -> String {
        let line = Array((message.split(whereSeparator: \.isNewline).first ?? "").utf8)
        let end = line.indices.first { start in
            line.count - start >= authorization.count
                && line[start..<(start + authorization.count)].elementsEqual(authorization) { $0 | 0x20 == $1 }
        }
        let words = String(decoding: line[..<(end ?? line.count)], as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false)
        return words.map { isSecret($0) ? "..." : String($0) }.joined(separator: " ")
    }

    /// True for a word with a long run of what Base64, hexadecimal digits and percent encoding are written in.
    private static func isSecret(_ word: Substring) -> Bool {
        // Names of resources are as long, and have to be seen.
        guard !word.contains("arn:") else { return false }
        var run = 0
        for byte in word.utf8 {
            run = isOfSecret(byte) ? run + 1 : 0
            if run >= leastSecret { return true }
        }
        return false
    }

    private static func isOfSecret(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "%"):
            true
        default: false
        }
    }
}
