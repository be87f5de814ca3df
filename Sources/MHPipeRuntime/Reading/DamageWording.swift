import MHPipeKit

extension RecordScanner.Reason {
    /// What was expected, in words.
    var description: String {
        switch self {
        case .expectedKey: "expected a key in double quotes"
        case .expectedColon: "expected ':' after a key"
        case .expectedValue: "expected a value"
        case .expectedCommaOrBrace: "expected ',' or '}'"
        case .expectedCommaOrBracket: "expected ',' or ']'"
        case .badNumber: "a number that JSON does not allow"
        case .badLiteral: "a word that is no JSON value"
        case .tooDeep: "more than \(RecordScanner.maximumDepth) levels of nesting"
        }
    }
}

extension TextDefect.Reason {
    /// What is wrong, in words.
    var description: String {
        switch self {
        case .invalidUTF8: "bytes that are not UTF-8"
        case .controlCharacter(let byte):
            "a raw control character (0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))) in a string"
        case .invalidEscape: "a backslash that begins no JSON escape"
        }
    }
}
