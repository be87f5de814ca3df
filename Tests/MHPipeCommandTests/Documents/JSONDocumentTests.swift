import Foundation
import Testing

@testable import MHPipeCommand

/// What values say of themselves as JSON is what Foundation makes of them, which readers of it know.
@Suite struct JSONDocumentTests {
    struct Nested: Encodable {
        var flag = true
        var numbers = [1, -2, Int.max]
        var nothing: [Int] = []
        var names = ["b": "x", "B": "y", "a/b": "z", "é": "ü", "aa": ""]
        var empty: [String: Int] = [:]
        var absent: Int?
        var present: Int? = 7
        var choices: [String?] = ["a", nil]
        var lists = [["a"], [], ["b", "c"]]
        var small: UInt8 = 255
        var times = [0.0, 1, -1.5, 0.1, 1e-7, 123_456_789.25, 1e21]
        var kind = Kind.some
        var text = "a \"quote\", a \\, a /, a\ttab,\na line,\ra return, \u{1}, \u{7F}, \u{2028}, 🙂"

        enum Kind: String, Encodable { case some }
    }

    /// Two containers of one object, as `--summary` has them.
    struct Joined: Encodable {
        func encode(to encoder: any Encoder) throws {
            try Nested().encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(1, forKey: .more)
            try container.encodeNil(forKey: .none)
            var list = container.nestedUnkeyedContainer(forKey: .list)
            try list.encode("x")
            var member = list.nestedContainer(keyedBy: Key.self)
            try member.encode(2.5, forKey: .more)
        }

        enum Key: CodingKey { case more, none, list }
    }

    struct Case: CustomTestStringConvertible {
        let name: String
        let value: any Encodable & Sendable
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "an object", value: Nested()), Case(name: "two containers", value: Joined()),
        Case(name: "an array of objects", value: [Nested(), Nested(flag: false)]),
        Case(name: "an empty object", value: [String: Int]()), Case(name: "an empty array", value: [Int]()),
        Case(name: "a text", value: "a\"b"), Case(name: "a number", value: 12),
        Case(name: "no value", value: String?.none),
    ]

    @Test(arguments: cases, [false, true])
    func isWhatFoundationWrites(of item: Case, isPretty: Bool) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        let expected = String(decoding: try encoder.encode(item.value), as: UTF8.self)
        #expect(try JSONDocument.text(item.value, isPretty: isPretty) == expected)
    }

    @Test(arguments: [Double.nan, .infinity])
    func hasNoJSONForWhatIsNotFinite(number: Double) {
        #expect(throws: EncodingError.self) { try JSONDocument.text(["a": number]) }
    }
}
