/// Reads the XML that AWS answers with, from tag to tag; what it cannot read is passed over.
///
/// Attributes are passed over, prefixes of names dropped.
struct XMLReader {
    enum Step: Equatable {
        case start(String)
        case end(String)
        case text(String)
    }

    private let bytes: [UInt8]
    private var index = 0
    /// The end of an element that has nothing in it.
    private var pending: Step?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next tag or text, nil at the end; text of white space alone is passed over.
    mutating func next() -> Step? {
        if let step = pending {
            pending = nil
            return step
        }
        while index < bytes.count {
            if bytes[index] != UInt8(ascii: "<") {
                let start = index
                index = bytes[start...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
                let text = bytes[start..<index]
                if text.contains(where: { $0 > 0x20 }) { return .text(Self.decoded(text)) }
                continue
            }
            switch index + 1 < bytes.count ? bytes[index + 1] : 0 {
            case UInt8(ascii: "!") where starts(with: "<![CDATA["):
                return .text(String(decoding: skip(past: "]]>").dropFirst(9).dropLast(3), as: UTF8.self))
            case UInt8(ascii: "!") where starts(with: "<!--"): _ = skip(past: "-->")
            case UInt8(ascii: "!"), UInt8(ascii: "?"): _ = skip(past: ">")
            default: return tag()
            }
        }
        return nil
    }

    /// The text up to the end of the element whose start was read last; elements inside are passed over.
    mutating func text() -> String {
        var text = ""
        var depth = 0
        while let step = next() {
            switch step {
            case .text(let part): if depth == 0 { text += part }
            case .start: depth += 1
            case .end:
                if depth == 0 { return text }
                depth -= 1
            }
        }
        return text
    }

    private mutating func tag() -> Step {
        let start = index + 1
        var quote: UInt8?
        var end = start
        while end < bytes.count, quote != nil || bytes[end] != UInt8(ascii: ">") {
            let byte = bytes[end]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            end += 1
        }
        index = min(end + 1, bytes.count)
        var content = bytes[start..<end]
        if content.first == UInt8(ascii: "/") { return .end(Self.name(content.dropFirst())) }
        let isEmpty = content.last == UInt8(ascii: "/")
        if isEmpty { content = content.dropLast() }
        let name = Self.name(content)
        if isEmpty { pending = .end(name) }
        return .start(name)
    }

    private static func name(_ tag: ArraySlice<UInt8>) -> String {
        let name = tag.prefix { $0 > 0x20 }
        return String(decoding: name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name, as: UTF8.self)
    }

    private func starts(with text: StaticString) -> Bool {
        bytes[index...].starts(with: Array("\(text)".utf8))
    }

    private mutating func skip(past ending: String) -> ArraySlice<UInt8> {
        let start = index
        let ending = Array(ending.utf8)
        while index < bytes.count, !bytes[index...].starts(with: ending) { index += 1 }
        index = min(index + ending.count, bytes.count)
        return bytes[start..<index]
    }

    // MARK: - References

    private static func decoded(_ text: ArraySlice<UInt8>) -> String {
        guard let first = text.firstIndex(of: UInt8(ascii: "&")) else { return String(decoding: text, as: UTF8.self) }
        var result = Array(text[..<first])
        var rest = text[first...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "&"), let end = rest.prefix(12).firstIndex(of: UInt8(ascii: ";")),
                let character = reference(String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self))
            {
                result += String(Character(character)).utf8
                rest = rest[(end + 1)...]
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func reference(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        case _ where name.hasPrefix("#x"): return UInt32(name.dropFirst(2), radix: 16).flatMap { Unicode.Scalar($0) }
        case _ where name.hasPrefix("#"): return UInt32(name.dropFirst()).flatMap { Unicode.Scalar($0) }
        default: return nil
        }
    }
}
