import MHPipeKit
import MHPipeTestSupport
import Testing

/// What the scan remembers of the keys of earlier records changes nothing: fields are found as in a record by itself.
@Suite struct KeyOrderTests {
    /// Keys of objects in records: beginnings of one another, with quotes and escapes in them.
    private static let keys =
        [
            "type", "typ", "types", "arn", "a", "", #"a\"b"#, #"a\"b\""#, #"type\""#, #"\u0074ype"#, #"t\u0079pe"#,
            "sessionContext",
            "attributes", "mfaAuthenticated", "a key of thirty-one characters!", "one of thirty-two characters, ah",
        ] + (0..<20).map { "k\($0)" }

    private static let topKeys =
        KnownField.allCases.map(\.key)
        + [
            "other", "eventNam", "eventNames", #"event\u004eame"#, #"eventName\"Aau"#, #"eventName\""#,
            #"user\u0049dentity"#, "",
        ]

    /// Records of a few kinds, mostly as the one of their kind before, with keys left out, moved, repeated or written otherwise.
    private static func records(_ count: Int, seed: UInt64) -> [String] {
        var generator = SplitMix64(seed: seed)
        var serial = 0
        func members(_ keys: [String], depth: Int) -> String {
            let members = keys.map { key in
                serial += 1
                let isDeep =
                    depth < 4 && ["userIdentity", "other", "sessionContext", "attributes", "type"].contains(key)
                guard isDeep, generator.below(3) > 0 else { return #""\#(key)":\#(serial)"# }
                return #""\#(key)":"# + members(chosen(Self.keys, generator.below(24)), depth: depth + 1)
            }
            return generator.below(8) == 0
                ? "{ " + members.joined(separator: " , ") + " }" : "{" + members.joined(separator: ",") + "}"
        }
        func chosen(_ keys: [String], _ count: Int) -> [String] {
            let some = keys.shuffled(using: &generator).prefix(count)
            return Array(some + some.prefix(generator.below(3)))
        }
        let kinds = (0..<3).map { _ in chosen(Self.topKeys, 30) + ["userIdentity", "other"] }
        return (0..<count).map { _ in
            var keys = kinds[generator.below(kinds.count)]
            if generator.below(2) == 0 { keys.remove(at: generator.below(keys.count)) }
            if generator.below(4) == 0 { keys.swapAt(generator.below(keys.count), generator.below(keys.count)) }
            return members(keys, depth: 0)
        }
    }

    @Test(arguments: 0..<20) func fieldsAreThoseOfARecordByItself(seed: Int) throws {
        let records = Self.records(60, seed: UInt64(seed))
        let batch = EventBatch(records: records)
        try #require(batch.count == records.count)
        for (event, record) in zip(batch, records) {
            let value = try #require(JSONValue(parsing: record), "\(record)")
            for field in KnownField.allCases {
                #expect(event[FieldPath(field.key)]?.json == value[field.key]?.json, "\(field.key) of \(record)")
            }
        }
    }
}
