import MHPipeKit

/// A JSON text as a tree that keeps the text of keys and scalars: the plain way to change records, for comparing with.
indirect enum PlainTree: Equatable {
    case object([Member])
    case array([PlainTree])
    /// A string with its quotes, a number or a literal.
    case scalar(String)

    struct Member: Equatable {
        /// What stands between its quotes.
        var key: String
        var value: PlainTree

        /// The key with its escapes resolved.
        var name: String { Array(key.utf8).withUnsafeBufferPointer { JSONText.decode($0) } }
    }

    /// Reads a text that is valid JSON.
    init(_ text: String) {
        var rest = Array(text.unicodeScalars)[...]
        self = Self.value(&rest)
    }

    /// The text without white space.
    var text: String {
        switch self {
        case .object(let members): "{" + members.map { "\"\($0.key)\":\($0.value.text)" }.joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .scalar(let text): text
        }
    }

    /// Changes what stands directly in an object or array; nil takes a part out.
    func mapParts(_ change: (_ name: String, Member) -> Member?) -> PlainTree {
        switch self {
        case .object(let members): .object(members.compactMap { change($0.name, $0) })
        case .array(let elements):
            .array(
                elements.enumerated().compactMap { number, element in
                    change(String(number), Member(key: "", value: element))?.value
                }
            )
        case .scalar: self
        }
    }

    private static func value(_ rest: inout ArraySlice<Unicode.Scalar>) -> PlainTree {
        skipSpace(&rest)
        switch rest.first {
        case "{":
            var members: [Member] = []
            while take(&rest, "{", ","), !isNext(&rest, "}") {
                skipSpace(&rest)
                let key = string(&rest)
                _ = take(&rest, ":", ":")
                members.append(Member(key: String(key.dropFirst().dropLast()), value: value(&rest)))
            }
            _ = take(&rest, "}", "}")
            return .object(members)
        case "[":
            var elements: [PlainTree] = []
            while take(&rest, "[", ","), !isNext(&rest, "]") { elements.append(value(&rest)) }
            _ = take(&rest, "]", "]")
            return .array(elements)
        case "\"":
            return .scalar(string(&rest))
        default:
            let scalar = rest.prefix { !",]} \n\r\t".unicodeScalars.contains($0) }
            rest = rest.dropFirst(scalar.count)
            return .scalar(text(scalar))
        }
    }

    private static func string(_ rest: inout ArraySlice<Unicode.Scalar>) -> String {
        var taken: [Unicode.Scalar] = []
        if let quote = rest.popFirst() { taken.append(quote) }
        while let next = rest.popFirst() {
            taken.append(next)
            if next == "\"" { break }
            if next == "\\", let escaped = rest.popFirst() { taken.append(escaped) }
        }
        return text(taken[...])
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }

    private static func skipSpace(_ rest: inout ArraySlice<Unicode.Scalar>) {
        rest = rest.drop { " \n\r\t".unicodeScalars.contains($0) }
    }

    private static func isNext(_ rest: inout ArraySlice<Unicode.Scalar>, _ scalar: Unicode.Scalar) -> Bool {
        skipSpace(&rest)
        return rest.first == scalar
    }

    /// Takes one of two characters, when it comes next.
    private static func take(
        _ rest: inout ArraySlice<Unicode.Scalar>,
        _ first: Unicode.Scalar,
        _ second: Unicode.Scalar
    ) -> Bool {
        skipSpace(&rest)
        guard rest.first == first || rest.first == second else { return false }
        rest.removeFirst()
        return true
    }
}
