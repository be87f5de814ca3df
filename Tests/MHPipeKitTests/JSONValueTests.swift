import MHPipeKit
import Testing

@Suite struct JSONValueTests {
    private static let record = """
        { "s" : "a\\u00e9\\n" , "e" : "", "n" : -1.50, "i" : 42, "big" : 9223372036854775808, "t" : true, "f" : false,
          "z" : null, "o" : { "k" : { "x" : 1 }, "k" : { "y" : [ ] } }, "a" : [ 1, "two", [ 3 ], { "four" : 4 } ], "empty" : { } }
        """

    /// Runs a test on a value while its batch is there.
    private func with<Result>(_ path: String, _ body: (JSONValue?) throws -> Result) throws -> Result {
        let batch = EventBatch(records: [Self.record])
        let event = try #require(batch.first { _ in true })
        return try body(event[try FieldPath(parsing: path)])
    }

    @Test(arguments: [
        ("s", JSONKind.string), ("e", .string), ("n", .number), ("t", .bool), ("z", .null), ("o", .object),
        ("a", .array),
    ])
    func knowsItsKind(path: String, kind: JSONKind) throws {
        try with(path) { value in
            #expect(value?.kind == kind)
            #expect(value?.isNull == (kind == .null))
            // It answers to its own kind only.
            #expect((value?.string != nil) == (kind == .string))
            #expect((value?.bool != nil) == (kind == .bool))
            #expect((value?.double != nil) == (kind == .number))
            #expect(value?.elements.isEmpty == (kind != .array))
            #expect(value?.members.isEmpty == (kind != .object))
        }
    }

    @Test func readsScalars() throws {
        #expect(try with("s") { $0?.string } == "aé\n")
        #expect(try with("s") { $0?.json } == #""a\u00e9\n""#)
        #expect(try with("n") { $0?.double } == -1.5)
        #expect(try with("n") { $0?.json } == "-1.50")
        #expect(try with("n") { $0?.int } == nil)
        #expect(try with("i") { $0?.int } == 42)
        #expect(try with("big") { $0?.int } == nil)
        #expect(try with("big") { $0?.double } == 9_223_372_036_854_775_808)
        #expect(try with("t") { $0?.bool } == true)
        #expect(try with("f") { $0?.bool } == false)
    }

    @Test func whatIsMissingIsNotNull() throws {
        #expect(try with("nothing") { $0 == nil })
        #expect(try with("z.deeper") { $0 == nil })
        #expect(try with("z") { $0?.isNull } == true)
    }

    @Test func walksObjectsAndArrays() throws {
        #expect(try with("o") { $0?["k"]?["y"]?.kind } == .array)
        #expect(try with("o") { $0?["k"]?["x"] == nil })
        #expect(try with("o") { $0?["none"] == nil })
        #expect(try with("o") { $0?.members.map(\.key) } == ["k", "k"])
        #expect(try with("o") { $0?.members.map { $0.value.members.map(\.key) } } == [["x"], ["y"]])
        #expect(try with("a") { $0?.elements.map(\.json) } == ["1", #""two""#, "[ 3 ]", #"{ "four" : 4 }"#])
        #expect(try with("a") { $0?.elements.last?["four"]?.int } == 4)
        #expect(try with("a") { $0?["0"] == nil })
        #expect(try with("empty") { $0?.members.count } == 0)
    }

    @Test func readsWhatTransformsAdded() throws {
        let batch = EventBatch(records: [#"{"identity":{"own":1},"x":1}"#, "{}"])
        let column = batch.addColumn("identity", members: ["kind", "list"])
        column.set(.string("role"), row: 0, member: 0)
        column.set(.json("[1, 2]"), row: 0, member: 1)
        batch.addColumn("score").set(.int(7), row: 1)
        let events = batch.map { $0 }
        #expect(events[0][FieldPath("identity", "kind")]?.string == "role")
        #expect(events[0][FieldPath("identity")]?["kind"]?.string == "role")
        #expect(events[0][FieldPath("identity")]?["list"]?.elements.map(\.int) == [1, 2])
        #expect(events[0][FieldPath("identity", "own")] == nil)
        #expect(events[0][FieldPath("score")] == nil)
        #expect(events[1][FieldPath("score")]?.int == 7)
        #expect(events[1][FieldPath("score")]?.json == "7")
    }
}
