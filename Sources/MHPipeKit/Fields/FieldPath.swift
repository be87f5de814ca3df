/// The way to a field of a record: keys joined by dots.
///
/// `userIdentity.sessionContext.attributes.mfaAuthenticated` goes four levels down. A key that holds a dot, a quote
/// or a space stands in double quotes: `additionalEventData."x-amz.id"`, with `\"` and `\\` inside. A key of digits
/// also counts the elements of an array from 0: `resources.0.ARN`. Where a key is repeated in an object, the last
/// one counts. What transforms add is reached the same way: `identity.actor`.
public struct FieldPath: Sendable, Hashable {
    /// The keys, outermost first; never empty.
    public let keys: [String]

    /// The keys as UTF-8, for comparing with records.
    package let keyBytes: [[UInt8]]
    /// The known field that the first key names.
    package let known: KnownField?

    /// Makes a path of keys as they are, dots and all.
    ///
    /// - Parameters:
    ///   - first: The top-level key.
    ///   - rest: The keys below it.
    public init(_ first: String, _ rest: String...) {
        self.init(keys: [first] + rest)
    }

    /// Reads a path as it is written in pipelines.
    ///
    /// - Parameter text: Keys joined by dots, quoted where needed.
    /// - Throws: `FieldPathError`, when a key is empty or a quote is not closed.
    public init(parsing text: String) throws(FieldPathError) {
        self.init(keys: try Self.parts(of: text).map(\.key))
    }

    /// - Parameter keys: The keys, outermost first; at least one.
    package init(keys: [String]) {
        self.keys = keys
        keyBytes = keys.map { Array($0.utf8) }
        known = KnownField.allCases.first { $0.key == keys[0] }
    }

    /// The path as it is written in pipelines.
    public var text: String {
        keys.map(Self.quoted).joined(separator: ".")
    }

    /// The name of the column that holds this field: the keys joined by `_`.
    public var columnName: String {
        let name = keys.joined(separator: "_")
        return name.utf8.contains(UInt8(ascii: ".")) ? name.replacing(".", with: "_") : name
    }

    private static func quoted(_ key: String) -> String {
        if !key.isEmpty, key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2E && $0 != 0x22 && $0 != 0x5C }) {
            return key
        }
        let needsQuotes = key.isEmpty || key.contains { $0 == "." || $0 == "\"" || $0 == "\\" || $0.isWhitespace }
        guard needsQuotes else { return key }
        return "\"" + key.replacing("\\", with: #"\\"#).replacing("\"", with: #"\""#) + "\""
    }

    /// The keys of a path as it is written, and which characters of the text each of them is, quotes included.
    ///
    /// - Parameter text: Keys joined by dots, quoted where needed.
    /// - Returns: The keys, outermost first; at least one.
    /// - Throws: `FieldPathError`, when a key is empty or a quote is not closed.
    package static func parts(of text: String) throws(FieldPathError) -> [(key: String, characters: Range<Int>)] {
        var parts: [(key: String, characters: Range<Int>)] = []
        var rest = Substring(text)
        var start = 0
        repeat {
            let length = rest.count
            let isQuoted = rest.first == "\""
            let key = isQuoted ? try takeQuoted(&rest) : takePlain(&rest)
            guard isQuoted || !key.isEmpty else { throw FieldPathError.emptyKey(number: parts.count + 1) }
            let end = start + length - rest.count
            parts.append((key, start..<end))
            guard let next = rest.popFirst() else { return parts }
            guard next == "." else { throw FieldPathError.textAfterQuote(String(next)) }
            start = end + 1
        } while true
    }

    private static func takePlain(_ rest: inout Substring) -> String {
        let key = rest.prefix { $0 != "." }
        rest = rest.dropFirst(key.count)
        return String(key)
    }

    private static func takeQuoted(_ rest: inout Substring) throws(FieldPathError) -> String {
        rest.removeFirst()
        var key = ""
        while let next = rest.popFirst() {
            switch next {
            case "\"": return key
            case "\\": key += rest.popFirst().map(String.init) ?? ""
            default: key.append(next)
            }
        }
        throw FieldPathError.unclosedQuote
    }
}

/// Why a text is no field path.
public enum FieldPathError: Error, Hashable, CustomStringConvertible {
    /// Two dots stand side by side, or a dot begins or ends the path; the key's number counts from 1.
    case emptyKey(number: Int)
    /// A double quote has no partner.
    case unclosedQuote
    /// Something other than a dot follows a closing quote.
    case textAfterQuote(String)

    /// The message, without a full stop.
    public var description: String {
        switch self {
        case .emptyKey(let number): "key \(number) of the path is empty; write it in double quotes if it is meant"
        case .unclosedQuote: "a double quote is not closed"
        case .textAfterQuote(let text): "a dot must follow a closing quote, not '\(text)'"
        }
    }
}

extension FieldPath {
    /// The path as it is written in conditions: `resources[0].ARN`, `additionalEventData["x-amz-id-2"]`.
    package var conditionText: String {
        keys.dropFirst().reduce(keys[0]) { text, key in
            if !key.isEmpty, key.utf8.allSatisfy({ $0 &- 0x30 < 10 }) { return "\(text)[\(key)]" }
            let isName =
                key.first.map { !$0.isNumber } == true
                && key.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "_") }
            guard !isName else { return "\(text).\(key)" }
            return text + "[\"" + key.replacing("\\", with: #"\\"#).replacing("\"", with: #"\""#) + "\"]"
        }
    }
}
