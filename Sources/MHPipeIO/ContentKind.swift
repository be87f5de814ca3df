/// What a file holds, by its first bytes; its name says nothing.
package enum ContentKind: Equatable {
    case gzip
    /// Zstandard.
    case zstd
    /// What may be JSON.
    case text
    /// Something that is not read: what it is, and what to do about it.
    case other(String)

    /// The bytes that tell.
    package static let prefixLength = 512

    /// The byte order mark of UTF-8, which is passed over.
    package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Tells a file by its first bytes.
    ///
    /// - Parameter start: At least `prefixLength` of them, unless there are fewer or `isTold` says that these are enough.
    package init(_ start: [UInt8]) {
        let bytes = start.count > Self.prefixLength ? Array(start.prefix(Self.prefixLength)) : start
        if bytes.starts(with: Self.gzipMagic) {
            self = .gzip
        } else if bytes.starts(with: ZstdFrame.magic)
            || bytes.count >= 4 && ZstdFrame.begins(with: Array(bytes.prefix(4)))
        {
            self = .zstd
        } else if let encoding = ForeignContent.encoding(bytes) {
            self = .other(encoding.reason)
        } else if Self.firstCharacter(bytes).map(Self.beginsJSON) == true {
            self = .text
        } else {
            self = ForeignContent.recognize(bytes).map { .other($0.reason) } ?? .text
        }
    }

    /// True when the bytes tell, however many follow.
    package static func isTold(_ start: [UInt8]) -> Bool {
        if start.count >= prefixLength || start.starts(with: gzipMagic) { return true }
        // Four, since the zeros of UTF-16 stand behind the first character.
        return start.count >= 4 && firstCharacter(start).map(beginsJSON) == true
    }

    /// True for text that begins as JSON does, and needs no closer look: in another encoding than UTF-8, a zero would stand
    /// among its first four bytes.
    package static func isPlainJSON(_ start: UnsafeBufferPointer<UInt8>) -> Bool {
        guard start.count >= 4, let first = unsafe start.first, beginsJSON(first) else { return false }
        return unsafe start[1] != 0 && start[2] != 0 && start[3] != 0
    }

    /// Tells what is in a text of which no line can be JSON.
    ///
    /// A text is only given up for what its start looks like where no line of it begins as JSON does, so that a damaged
    /// first line costs itself alone.
    ///
    /// - Parameters:
    ///   - text: The text from its start.
    ///   - isWhole: True when that is all.
    ///   - isFile: True for the text of a file, which is given up as well when no object can be in it.
    /// - Returns: What it is, and what to do about it; nil when a line can be JSON, or nothing is known.
    package static func foreignText(
        _ text: some Collection<UInt8>,
        isWhole: Bool,
        isFile: Bool = false
    ) -> String? {
        guard let first = firstCharacter(Array(text.prefix(prefixLength))), !beginsJSON(first) else { return nil }
        let hasJSON = text.split(separator: UInt8(ascii: "\n")).contains { line in
            firstCharacter(Array(line.prefix(prefixLength))).map(beginsJSON) == true
        }
        if hasJSON { return nil }
        return ForeignText(text.prefix(2048), isWhole: isWhole)?.reason ?? (isFile ? PlainText(text)?.reason : nil)
    }

    private static let gzipMagic: [UInt8] = [0x1F, 0x8B]

    /// True for the first byte of an object or a list.
    package static func beginsJSON(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") }

    /// The first byte that is no white space.
    private static func firstCharacter(_ bytes: [UInt8]) -> UInt8? {
        let text = bytes.starts(with: byteOrderMark) ? bytes[byteOrderMark.count...] : bytes[...]
        return text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    }
}
