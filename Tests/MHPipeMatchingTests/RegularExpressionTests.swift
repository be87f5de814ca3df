import Testing

@testable import MHPipeMatching

@Suite struct RegularExpressionTests {
    @Test(arguments: [
        ("a.c", "xabcx", true), ("^abc$", "abcd", false), (#"\bé\b"#, "é", false), ("(?i)É", "é", true),
        ("^.$", "é", true), ("^.$", "\u{1F600}", true), (#"^\d+$"#, "12", true), ("x{3}", "xx", false),
    ])
    func searchesCharacters(pattern: String, text: String, matches: Bool) throws {
        #expect(try search(pattern, Array(text.utf8)) == (matches ? .match : .noMatch))
    }

    @Test func stepsOverBytesThatAreNoUTF8() throws {
        #expect(try search("b$", [0xFF, 0x61, 0xC3, 0x62]) == .match)
        #expect(try search("a.b", [0x61, 0xFF, 0x62]) == .noMatch)
    }

    @Test func searchesAnEmptyText() throws {
        #expect(try RegularExpression("^$").search(UnsafeBufferPointer(start: nil, count: 0)) == .match)
    }

    @Test func givesUpAtItsLimit() throws {
        #expect(try search("^(a+)+$", Array(repeating: 0x61, count: 100) + [0x21]) == .gaveUp)
    }

    @Test func findsAMatchThatNeedsMuchStack() throws {
        #expect(try search("^(?:a|ab)*c", Array(repeating: 0x61, count: 2000) + [0x63]) == .match)
    }

    @Test(arguments: [("(", 1), ("ab[c", 4), ("é\\", 2)])
    func saysWhereAPatternIsWrong(pattern: String, offset: Int) {
        let error = #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern) }
        #expect(error?.offset == offset)
        #expect(error?.reason.isEmpty == false)
    }

    private func search(_ pattern: String, _ text: [UInt8]) throws -> RegularExpression.Outcome {
        let expression = try RegularExpression(pattern)
        return text.withUnsafeBufferPointer { expression.search($0) }
    }
}
