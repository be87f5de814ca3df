/// A message in the text form of protocol buffers, as far as CEL's public cases use it.
struct TextProto {
    /// A field, and what stands behind its name.
    enum Field {
        case message(String, TextProto)
        /// The bytes between quotes, escapes resolved.
        case text(String, [UInt8])
        /// A number or a word, as it is written.
        case word(String, String)

        var name: String {
            switch self {
            case .message(let name, _), .text(let name, _), .word(let name, _): name
            }
        }
    }

    let fields: [Field]

    /// Reads a file; what is not well formed ends it early.
    init(_ text: String) {
        var reader = Reader(bytes: Array(text.utf8))
        self = reader.message()
    }

    private init(fields: [Field]) {
        self.fields = fields
    }

    func messages(_ name: String) -> [TextProto] {
        fields.compactMap { field in
            if case .message(name, let message) = field { message } else { nil }
        }
    }

    func message(_ name: String) -> TextProto? { messages(name).first }

    func string(_ name: String) -> String? {
        for field in fields where field.name == name {
            switch field {
            case .text(_, let bytes): return String(decoding: bytes, as: UTF8.self)
            case .word(_, let word): return word
            case .message: continue
            }
        }
        return nil
    }

    func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

    private struct Reader {
        let bytes: [UInt8]
        var at = 0

        private mutating func peek() -> UInt8 {
            while at < bytes.count {
                if bytes[at] == UInt8(ascii: "#") {
                    while at < bytes.count, bytes[at] != 0x0A { at += 1 }
                } else if " \n\t\r,;".utf8.contains(bytes[at]) {
                    at += 1
                } else {
                    return bytes[at]
                }
            }
            return 0
        }

        mutating func message() -> TextProto {
            var fields: [Field] = []
            while case let byte = peek(), byte != 0, byte != UInt8(ascii: "}") {
                let name = word()
                guard !name.isEmpty else { break }
                if peek() == UInt8(ascii: ":") { at += 1 }
                fields.append(field(name))
            }
            if at < bytes.count { at += 1 }
            return TextProto(fields: fields)
        }

        private mutating func field(_ name: String) -> Field {
            switch peek() {
            case UInt8(ascii: "{"):
                at += 1
                return .message(name, message())
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                var text: [UInt8] = []
                while case let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                    at += 1
                    text += quoted(quote)
                }
                return .text(name, text)
            default: return .word(name, word())
            }
        }

        private mutating func word() -> String {
            _ = peek()
            let start = at
            while at < bytes.count, !" \n\t\r,;:{}\"'#".utf8.contains(bytes[at]) { at += 1 }
            return String(decoding: bytes[start..<at], as: UTF8.self)
        }

        private mutating func quoted(_ quote: UInt8) -> [UInt8] {
            var text: [UInt8] = []
            while at < bytes.count, bytes[at] != quote {
                guard bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count else {
                    text.append(bytes[at])
                    at += 1
                    continue
                }
                let letter = bytes[at + 1]
                at += 2
                switch letter {
                case UInt8(ascii: "0")...UInt8(ascii: "7"):
                    at -= 1
                    text.append(UInt8(truncatingIfNeeded: number(radix: 8, most: 3)))
                case UInt8(ascii: "x"), UInt8(ascii: "X"):
                    text.append(UInt8(truncatingIfNeeded: number(radix: 16, most: 2)))
                case UInt8(ascii: "u"), UInt8(ascii: "U"):
                    let scalar = Unicode.Scalar(UInt32(number(radix: 16, most: letter == UInt8(ascii: "u") ? 4 : 8)))
                    text += String(scalar ?? "\u{FFFD}").utf8
                default:
                    let controls: [UInt8: UInt8] = [
                        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
                        UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
                    ]
                    text.append(controls[letter] ?? letter)
                }
            }
            at += 1
            return text
        }

        private mutating func number(radix: Int, most: Int) -> Int {
            var number = 0
            for _ in 0..<most {
                guard at < bytes.count, let digit = Character(Unicode.Scalar(bytes[at])).hexDigitValue, digit < radix
                else {
                    break
                }
                number = number * radix + digit
                at += 1
            }
            return number
        }
    }
}
