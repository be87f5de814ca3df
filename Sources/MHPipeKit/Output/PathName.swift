/// Names of files and folders that are made of what somebody else wrote.
enum PathName {
    /// What stands for a value that is not there.
    static let none = Array("_none".utf8)
    /// The bytes that a name may have on every common file system, less some for a name that is not whole yet.
    static let longest = 200

    private static let hexDigits = Array("0123456789ABCDEF".utf8)
    /// What ends a name that was cut: `~` and 16 digits.
    private static let hashLength = 17

    /// Appends the name that a text makes; see `PathTemplate`.
    ///
    /// - Parameters:
    ///   - text: The text, as UTF-8.
    ///   - limit: The bytes that may be appended; more than `hashLength`.
    ///   - path: What the name is appended to.
    static func append(_ text: Span<UInt8>, limit: Int = longest, to path: inout [UInt8]) {
        guard !text.isEmpty else { return path += none }
        let start = path.count
        // Where the name is cut if it turns out to be too long: behind a whole character.
        var cut = start
        for index in text.indices {
            let byte = text[index]
            if isPlain(byte, isFirst: index == 0) {
                path.append(byte)
            } else {
                path += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
            }
            if path.count - start <= limit - hashLength { cut = path.count }
            guard path.count - start <= limit else {
                path.removeSubrange(cut...)
                return path += hash(text)
            }
        }
    }

    private static func isPlain(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "="),
            UInt8(ascii: "@"), UInt8(ascii: ","):
            true
        // A name that begins with one of these is a hidden file's, a folder's own, or what stands for nothing.
        case UInt8(ascii: "."), UInt8(ascii: "_"): !isFirst
        default: false
        }
    }

    /// FNV-1a in 64 bits (draft-eastlake-fnv): the same in every process, which Swift's own hashes are not.
    private static func hash(_ text: Span<UInt8>) -> [UInt8] {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for index in text.indices { hash = (hash ^ UInt64(text[index])) &* 1_099_511_628_211 }
        return [UInt8(ascii: "~")] + (0..<16).reversed().map { hexDigits[Int(hash >> (UInt64($0) * 4) & 15)] }
    }
}

extension String {
    /// The name of a file or folder that this text makes, whatever it holds, as `PathTemplate` does it: `_none` for an
    /// empty text, and nothing that leads anywhere.
    public var pathName: String {
        var name: [UInt8] = []
        PathName.append(Array(utf8).span, to: &name)
        return String(decoding: name, as: UTF8.self)
    }
}
