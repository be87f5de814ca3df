/// Makes YAML texts, right and wrong ones, always the same for one seed.
struct GeneratedYAML {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func random(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((bits ^ (bits >> 31)) % UInt64(bound))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[random(elements.count)] }

    /// A whole document.
    mutating func document() -> String {
        let start = pick(["", "", "", "---\n", "# comment\n", "\u{FEFF}", "--- # c\n", "\n\n", "  \n"])
        let end = pick(["\n", "\n", "\n", "", "\n\n", "\n# end\n", "\n  # end", "\n   "])
        let indent = random(6) == 0 ? random(3) : 0
        let text = start + block(indent, depth: 3) + end
        return random(8) == 0 ? text.replacing("\n", with: "\r\n") : text
    }

    /// A small change of a text: usually one that spoils it.
    mutating func mutated(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<1 + random(3) {
            guard !scalars.isEmpty else { break }
            let index = random(scalars.count)
            switch random(5) {
            case 0: scalars.remove(at: index)
            case 1: scalars.swapAt(index, random(scalars.count))
            case 2: scalars.insert(scalars[random(scalars.count)], at: index)
            default: scalars.insert(contentsOf: Array(pick(Self.noise).unicodeScalars), at: index)
            }
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    /// A short text of the characters that matter most, in any order.
    mutating func soup() -> String {
        (0..<2 + random(14)).map { _ in pick(Self.soup) }.joined()
    }

    private static let soup = [
        "a", "a", "b", " ", " ", "  ", "\n", "\n", "\n  ", ":", ": ", "-", "- ", "#", " #", "'", "\"", "[", "]", "{",
        "}", ",",
        "|", ">", "?", "1", "+", "\\", "\t", "é", "\n\n", "\r\n", "&", "*", "!", "%", "---", "<<",
    ]

    private static let noise = [
        " ", "  ", "\n", "\n  ", ":", ": ", "- ", "-", "#", " #", "'", "\"", "[", "]", "{", "}", ",", "|", ">", "&a",
        "*a",
        "!t", "? ", "?", "%", "@", "`", "\t", "\\", "---", "...", "\r", "\u{7}", "é", "日本", "\u{85}", "\u{2028}",
        "<<: ",
        "|+\n", ">-\n", "|2\n", "\n\n", "\\\n", "$", "=", "\u{FEFF}",
    ]

    private mutating func pad(_ count: Int) -> String { String(repeating: " ", count: count) }

    private mutating func block(_ indent: Int, depth: Int) -> String {
        switch depth > 0 ? random(8) : 7 {
        case 0...3: mapping(indent, depth: depth)
        case 4...6: list(indent, depth: depth)
        default: pad(indent) + inline(indent - 1)
        }
    }

    private mutating func mapping(_ indent: Int, depth: Int) -> String {
        var lines: [String] = []
        for index in 0..<1 + random(4) {
            let key = pick([
                "k\(index)", "'k\(index)'", "\"k\(index)\"", "a b\(index)", "k\(index)#x", "k:\(index)", "-\(index)",
            ])
            lines.append(pad(indent) + key + pick(["", "", "", " "]) + ":" + value(indent, depth: depth, isKey: true))
            if random(6) == 0 { lines.append(pick(["", "# note", pad(indent) + "# note", "   "])) }
        }
        return lines.joined(separator: "\n")
    }

    private mutating func list(_ indent: Int, depth: Int) -> String {
        (0..<1 + random(4)).map { _ in
            pad(indent) + "-" + value(indent, depth: depth, isKey: false)
        }.joined(separator: "\n")
    }

    private mutating func value(_ indent: Int, depth: Int, isKey: Bool) -> String {
        let comment = pick(["", "", "", " # c", "  "])
        switch random(9) {
        case 0: return comment
        case 1,
            2 where depth > 0:
            let inner = indent + pick([1, 2, 2, 2, 4])
            return comment + "\n" + pick(["", "", "\n"]) + block(inner, depth: depth - 1)
        case 3 where depth > 0 && isKey: return comment + "\n" + list(indent, depth: depth - 1)
        case 4 where depth > 0 && !isKey:
            let gap = 1 + random(2)
            let nested = block(indent + 1 + gap, depth: depth - 1)
            return pad(gap) + nested.drop { $0 == " " }
        case 5: return " " + blockText(indent)
        default: return " " + inline(indent) + comment
        }
    }

    private mutating func inline(_ parent: Int) -> String {
        switch random(10) {
        case 0: return flow(parent, depth: 2)
        case 1: return "'" + quotedBody(parent, ["it''s", "a b", "#x", ": ", "", " lead", "trail ", "\\n", "é"]) + "'"
        case 2:
            return "\""
                + quotedBody(
                    parent,
                    [
                        "\\\"", "\\\\", "\\n", "\\x41", "\\u00e9", "\\U0001F600", "\\ ", "a b", ": ", " #c", "\\t",
                        "\\/", "\\_", "日",
                    ]
                ) + "\""
        default: return plain(parent)
        }
    }

    private mutating func plain(_ parent: Int) -> String {
        let words = [
            "a", "b c", "x:y", "http://h:80/p?q=1#f", "1.10", "012", "true", "~", "null", "a#b", "-x", "é", "日本 語",
            "a]b", "a, b", "{", "it's", "a'b", "\"q\"", "%", "b &c *d !e", "$x", "${A}", "no", "…", "?x", ":x", "|",
            "<<", "=",
        ]
        var text = pick(words)
        for _ in 0..<random(3) { text += pick([" ", " ", "  ", breakLine(parent)]) + pick(words) }
        return text
    }

    private mutating func quotedBody(_ parent: Int, _ pieces: [String]) -> String {
        (0..<random(5)).map { _ in
            pick(pieces)
                + pick(["", "", "", " ", breakLine(parent), " " + breakLine(parent), "\\" + breakLine(parent)])
        }
        .joined()
    }

    private mutating func breakLine(_ parent: Int) -> String {
        "\n" + pick(["", "", "", "\n", "  \n"]) + pad(max(0, parent + 1 + random(3)))
    }

    private mutating func flow(_ parent: Int, depth: Int) -> String {
        let isList = random(2) == 0
        var items: [String] = []
        for index in 0..<random(4) {
            let item = depth > 0 && random(4) == 0 ? flow(parent, depth: depth - 1) : flowScalar()
            let key = pick(["k\(index)", "\"k\(index)\"", "'k\(index)'", "k \(index)"])
            let colon =
                key.hasSuffix("\"") || key.hasSuffix("'") ? pick([":", ": ", " : "]) : pick([": ", ":  ", " : "])
            items.append(
                flowSpace(parent) + (isList ? item : key + colon + pick([item, item, item, ""])) + flowSpace(parent)
            )
        }
        let body = items.joined(separator: ",") + (items.isEmpty ? "" : pick(["", "", ",", ", "]))
        return isList ? "[\(body)]" : "{\(body)}"
    }

    private mutating func flowScalar() -> String {
        pick([
            "a", "b c", "x:y", "'q,]'", "\"d}\"", "-x", "1.5", "http://a/b", "é", "a#b", "''", "\"\\n\"", "a'b", "$x",
        ])
    }

    private mutating func flowSpace(_ parent: Int) -> String {
        switch random(8) {
        case 0: "\n" + pad(max(0, parent + 1 + random(3)))
        case 1: " # c\n" + pad(max(0, parent + 1 + random(3)))
        case 2, 3: " "
        default: ""
        }
    }

    private mutating func blockText(_ parent: Int) -> String {
        let explicit = random(4) == 0 && parent >= 0 ? 1 + random(4) : nil
        let indent = max(parent, 0) + (explicit ?? 1 + random(3))
        let chomping = pick(["", "", "-", "+"])
        let number = explicit.map(String.init) ?? ""
        let header =
            pick(["|", ">"]) + (random(2) == 0 ? number + chomping : chomping + number) + pick(["", "", " ", " # c"])
        let lines = (0..<random(6)).map { _ in
            pick([
                pad(indent) + "text", pad(indent) + "text", pad(indent) + "more text: # no", "", "", pad(indent),
                pad(indent + 2) + "deep", pad(indent) + "# no", pad(indent) + "\ttab", pad(indent + 1),
                pad(indent) + "- a",
            ])
        }
        return ([header] + lines).joined(separator: "\n")
    }
}
