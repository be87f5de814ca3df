import MHPipeMatching

/// A word or sign of a condition.
struct Token: Sendable {
    enum Kind: Sendable, Hashable {
        /// A name, `true`, `in`.
        case word(String)
        /// What stands between quotes, escapes resolved.
        case text(String)
        /// A number without its sign.
        case number(DecimalNumber)
        /// An operator or a bracket.
        case sign(String)
        /// The end of the condition.
        case end
    }

    var kind: Kind
    /// The bytes of the condition's text.
    var range: Range<Int>
}

/// Cuts the text of a condition into tokens, by the lexical grammar of CEL.
struct Lexer {
    private let bytes: [UInt8]
    private var at = 0

    /// All tokens of a condition, with the end behind them; throws for what is no token.
    static func tokens(of text: String) throws(ConditionMistake) -> [Token] {
        var lexer = Lexer(bytes: Array(text.utf8))
        var tokens: [Token] = []
        while true {
            lexer.skipBlanks()
            let start = lexer.at
            let kind = try lexer.next()
            tokens.append(Token(kind: kind, range: start..<lexer.at))
            if kind == .end { return tokens }
        }
    }

    private func peek(_ distance: Int = 0) -> UInt8 {
        at + distance < bytes.count ? bytes[at + distance] : 0
    }

    private mutating func skipBlanks() {
        while at < bytes.count {
            switch peek() {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D: at += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while at < bytes.count, peek() != 0x0A { at += 1 }
            default: return
            }
        }
    }

    private mutating func next() throws(ConditionMistake) -> Token.Kind {
        guard at < bytes.count else { return .end }
        let byte = peek()
        if byte.isQuote { return .text(try quoted(isRaw: false, from: at)) }
        if byte.isDigit || byte == UInt8(ascii: ".") && peek(1).isDigit { return .number(try number()) }
        if byte.isNameStart { return try word() }
        return try sign()
    }

    // MARK: - Names and signs

    private mutating func word() throws(ConditionMistake) -> Token.Kind {
        let start = at
        while peek().isNameStart || peek().isDigit { at += 1 }
        let word = String(decoding: bytes[start..<at], as: UTF8.self)
        guard peek().isQuote, word.count <= 2, word.lowercased().allSatisfy({ "rb".contains($0) }) else {
            return .word(word)
        }
        guard !word.lowercased().contains("b") else {
            throw ConditionMistake("has no bytes", at: start..<at + 1, label: "write a text without the 'b'")
        }
        return .text(try quoted(isRaw: true, from: start))
    }

    /// What people write who come from other languages.
    private static let foreign = [
        "=": "did you mean '=='?", "&": "did you mean '&&'?", "|": "did you mean '||'?", "<>": "did you mean '!='?",
        "=~": "did you mean '.matches(\"…\")'?", "===": "did you mean '=='?", "!==": "did you mean '!='?",
    ]

    private mutating func sign() throws(ConditionMistake) -> Token.Kind {
        let start = at
        for length in [3, 2, 1] where start + length <= bytes.count {
            let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
            if let label = Self.foreign[text] {
                throw ConditionMistake("has no operator '\(text)'", at: start..<start + length, label: label)
            }
            switch text {
            case "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "?", ":", "(", ")", "[", "]", ".", ",", "+", "-":
                at += length
                return .sign(text)
            case "*", "/", "%":
                throw ConditionMistake("calculates with times only, and has no '\(text)'", at: start..<start + 1)
            case "{", "}": throw ConditionMistake("has no maps", at: start..<start + 1)
            default: continue
            }
        }
        let character = String(decoding: bytes[start...], as: UTF8.self).prefix(1)
        let label = "“”‘’".contains(character) ? "a text stands between \" or '" : nil
        let end = start + character.utf8.count
        throw ConditionMistake("has '\(character)' where nothing begins with it", at: start..<end, label: label)
    }

    // MARK: - Numbers

    private mutating func number() throws(ConditionMistake) -> DecimalNumber {
        let start = at
        let isHex = peek() == UInt8(ascii: "0") && peek(1) | 0x20 == UInt8(ascii: "x")
        while peek().isDigit || peek().isNameStart || peek() == UInt8(ascii: ".") && peek(1).isDigit
            || !isHex && "+-".utf8.contains(peek()) && peek(-1) | 0x20 == UInt8(ascii: "e")
        {
            at += 1
        }
        var text = bytes[start..<at]
        let isUnsigned = (text.last ?? 0) | 0x20 == UInt8(ascii: "u")
        if isUnsigned { text.removeLast() }
        let hex = isHex ? UInt64(String(decoding: text.dropFirst(2), as: UTF8.self), radix: 16) : nil
        let isRight = !isUnsigned || text.allSatisfy(\.isDigit)
        if let value = hex.map({ DecimalNumber($0) }) ?? (isRight ? DecimalNumber(Array(text)) : nil) { return value }
        let shown = String(decoding: bytes[start..<at], as: UTF8.self)
        throw ConditionMistake("cannot read the number '\(shown)'", at: start..<at)
    }

    // MARK: - Texts

    /// Reads a text; the cursor is at its first quote.
    private mutating func quoted(isRaw: Bool, from start: Int) throws(ConditionMistake) -> String {
        let quote = peek()
        let isTriple = peek(1) == quote && peek(2) == quote
        at += isTriple ? 3 : 1
        var value: [UInt8] = []
        while at < bytes.count {
            let byte = peek()
            if byte == quote, !isTriple || peek(1) == quote && peek(2) == quote {
                at += isTriple ? 3 : 1
                return String(decoding: value, as: UTF8.self)
            }
            if byte == 0x0A, !isTriple { break }
            if byte == UInt8(ascii: "\\"), !isRaw {
                value += try escape()
            } else {
                value.append(byte)
                at += 1
            }
        }
        throw ConditionMistake("has a text that is not closed", at: start..<start + 1)
    }

    private mutating func escape() throws(ConditionMistake) -> [UInt8] {
        let start = at
        at += 2
        let letter = peek(-1)
        if let byte = Self.escapes[letter] { return [byte] }
        switch letter {
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            at -= 1
            return try scalar(digits: 3, radix: 8, from: start)
        case UInt8(ascii: "x"), UInt8(ascii: "X"): return try scalar(digits: 2, radix: 16, from: start)
        case UInt8(ascii: "u"): return try scalar(digits: 4, radix: 16, from: start)
        case UInt8(ascii: "U"): return try scalar(digits: 8, radix: 16, from: start)
        default:
            at = min(at, bytes.count)
            let text = String(decoding: bytes[start...], as: UTF8.self).prefix(2)
            let label = "a backslash is written twice, or the text as r\"…\""
            throw ConditionMistake("has no escape '\(text)'", at: start..<start + text.utf8.count, label: label)
        }
    }

    private mutating func scalar(digits: Int, radix: UInt32, from start: Int) throws(ConditionMistake) -> [UInt8] {
        let end = min(at + digits, bytes.count)
        let text = String(decoding: bytes[at..<end], as: UTF8.self)
        guard text.utf8.count == digits, text.first != "+", text.first != "-",
            let scalar = UInt32(text, radix: Int(radix)).flatMap(Unicode.Scalar.init)
        else { throw ConditionMistake("has an escape that stands for no character", at: start..<end) }
        at = end
        return Array(String(scalar).utf8)
    }

    private static let escapes = Dictionary(
        uniqueKeysWithValues: zip("abfnrtv\\?\"'`".utf8, "\u{7}\u{8}\u{C}\n\r\t\u{B}\\?\"'`".utf8)
    )
}

extension UInt8 {
    fileprivate var isDigit: Bool { self &- 0x30 < 10 }
    fileprivate var isNameStart: Bool { (self | 0x20) &- 0x61 < 26 || self == UInt8(ascii: "_") }
    fileprivate var isQuote: Bool { self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") }
}
