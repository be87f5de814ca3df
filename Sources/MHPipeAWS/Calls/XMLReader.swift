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
            } else if starts(with: "<![CDATA[") {
                return .text(String(decoding: skip(past: "]]>").dropFirst(9).dropLast(3), as: UTF8.self))
            } else if starts(with: "<!--") {
                _ = skip(past: "-->")
            } else if starts(with: "<?") || starts(with: "<!") {
                _ = skip(past: ">")
            } else {
                return tag()
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

    private static let named = ["lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'"]

    private static func decoded(_ text: ArraySlice<UInt8>) -> String {
        guard text.contains(UInt8(ascii: "&")) else { return String(decoding: text, as: UTF8.self) }
        var result = ""
        var rest = text
        while let start = rest.firstIndex(of: UInt8(ascii: "&")) {
            result += String(decoding: rest[..<start], as: UTF8.self)
            rest = rest[start...]
            guard let end = rest.prefix(12).firstIndex(of: UInt8(ascii: ";")),
                let character = reference(String(decoding: rest[(start + 1)..<end], as: UTF8.self))
            else {
                result += "&"
                rest = rest.dropFirst()
                continue
            }
            result += character
            rest = rest[(end + 1)...]
        }
        return result + String(decoding: rest, as: UTF8.self)
    }

    private static func reference(_ name: String) -> String? {
        guard name.hasPrefix("#") else { return named[name] }
        let digits = name.dropFirst()
        let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap { Unicode.Scalar($0) }.map { String(Character($0)) }
    }
}
