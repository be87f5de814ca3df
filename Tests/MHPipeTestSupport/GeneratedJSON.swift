/// Random JSON, written in two ways: as somebody might write it, and without white space between its tokens.
public struct GeneratedJSON: Sendable {
    /// One text in both ways.
    public struct Text: Sendable {
        /// With white space between tokens.
        public var written: String
        /// Without.
        public var compact: String
    }

    /// How much white space there is: once in so many places; 0 for none.
    public var whiteSpace = 8
    /// True when strings may hold half of a surrogate pair, and objects the same key twice: what not every reader takes.
    public var isOdd = true
    /// The levels of nesting below a record.
    public var depth = 5

    private var random: SplitMix64

    /// Makes a generator of texts that are the same for the same seed.
    public init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// A trail file with some records, and the records without white space.
    public mutating func trail(_ count: Int) -> (text: String, records: [String]) {
        let records = (0..<count).map { _ in record() }
        let before = random.once(in: 3) ? "\"x\":\(value(2).written)," : ""
        let after = random.once(in: 3) ? ",\"y\"\(space()):\(value(2).written)\(space())" : ""
        let list = records.map { "\(space())\($0.written)\(space())" }.joined(separator: ",")
        return (
            "\(space()){\(before)\(space())\"Records\"\(space()):[\(list)]\(after)}\(space())", records.map(\.compact)
        )
    }

    /// A record: its version, and random fields.
    public mutating func record() -> Text {
        let version = value(1)
        let others = object(0, keys: Self.recordKeys)
        func begun(_ version: String, _ others: String) -> String {
            let rest = others.dropFirst()
            let isOnly = others.allSatisfy { $0 == "{" || $0 == "}" || $0.isWhitespace }
            return "{\"eventVersion\":\(version)\(isOnly ? "" : ",")\(rest)"
        }
        return Text(written: begun(version.written, others.written), compact: begun(version.compact, others.compact))
    }

    /// Any value, at a level of nesting.
    public mutating func value(_ level: Int) -> Text {
        switch random.below(level >= depth ? 6 : 9) {
        case 0: same(random.pick(["true", "false", "null"]))
        case 1: same(random.pick(Self.numbers))
        case 2...5: same("\"\(string())\"")
        case 6: array(level)
        default: object(level, keys: Self.keys)
        }
    }

    private mutating func object(_ level: Int, keys: [String]) -> Text {
        var free = keys
        return list("{", "}", random.below(level == 0 ? 12 : 5)) { generator in
            let key = generator.key(&free)
            let value = generator.value(level + 1)
            let space = generator.space()
            return Text(
                written: "\(key)\(space):\(generator.space())\(value.written)",
                compact: "\(key):\(value.compact)"
            )
        }
    }

    private mutating func array(_ level: Int) -> Text {
        list("[", "]", random.below(4)) { $0.value(level + 1) }
    }

    private mutating func list(
        _ opener: String,
        _ closer: String,
        _ count: Int,
        _ item: (inout GeneratedJSON) -> Text
    ) -> Text {
        let items = (0..<count).map { _ in item(&self) }
        let written = items.isEmpty ? space() : items.map { "\(space())\($0.written)\(space())" }.joined(separator: ",")
        return Text(
            written: opener + written + closer,
            compact: opener + items.map(\.compact).joined(separator: ",") + closer
        )
    }

    private mutating func key(_ free: inout [String]) -> String {
        let number = random.below(free.count)
        let key = free[number]
        if !isOdd { free.remove(at: number) }
        guard random.once(in: 20), let first = key.unicodeScalars.first, first.value < 0x80 else { return "\"\(key)\"" }
        return "\"\\u00\(String(first.value, radix: 16))\(key.dropFirst())\""
    }

    private mutating func string() -> String {
        let pieces = Self.pieces + (isOdd ? [#"\ud800"#, #"\udfff"#, #"\ud800\ud800"#] : [])
        return (0..<random.below(7)).map { _ in random.pick(pieces) }.joined()
    }

    private mutating func space() -> String {
        whiteSpace > 0 && random.once(in: whiteSpace) ? random.pick([" ", "\t", "\r\n", "\n  ", "\n\n\n"]) : ""
    }

    private func same(_ text: String) -> Text {
        Text(written: text, compact: text)
    }

    private static let numbers = [
        "0", "-1", "12", "1.50", "-0.0", "1e5", "2E-7", "1234567890123456789", "1e30", "7.0", "-12.5e+3",
    ]

    private static let pieces = [
        "a", "Bc", ",", " ", "=", "'", #"\""#, #"\\"#, #"\n"#, #"\t"#, #"\u0000"#, #"\u0041"#, #"\ud83d\ude00"#, "é",
        "日",
        "😀", "1", ".", "{", "}", "]", "[", ":", #"\/"#, "long text here", #"\b\f\r"#, "Records", "//",
    ]

    private static let recordKeys = [
        "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress",
        "requestParameters", "responseElements", "resources", "readOnly", "zzz", "a b", "é", "tlsDetails", "logEvents",
    ]

    private static let keys = [
        "arn", "type", "a", "sessionContext", "attributes", "0", "Records", "Events", "x y", "日本", "b", "c",
    ]
}
