import MHPipeKit
import Testing

@testable import MHPipeBuiltins

/// `select`, `remove` and `rename`: what is changed is changed, and all other bytes stay.
@Suite("select, remove, rename") struct FieldTransformTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let options: [String]
        let record: String
        let expected: String?

        init(_ name: String, _ options: [String], _ record: String, _ expected: String?) {
            (testDescription, self.options, self.record, self.expected) = (name, options, record, expected)
        }
    }

    @Test(arguments: [
        Case("the first member", ["a"], #"{"a":1,"b":2,"c":3}"#, #"{"b":2,"c":3}"#),
        Case("one in the middle", ["b"], #"{"a":1,"b":2,"c":3}"#, #"{"a":1,"c":3}"#),
        Case("the last", ["c"], #"{"a":1,"b":2,"c":3}"#, #"{"a":1,"b":2}"#),
        Case("the last two", ["b", "c"], #"{"a":1,"b":2,"c":3}"#, #"{"a":1}"#),
        Case("the first two", ["a", "b"], #"{"a":1,"b":2,"c":3}"#, #"{"c":3}"#),
        Case("all", ["a", "b", "c"], #"{"a":1,"b":2,"c":3}"#, "{}"),
        Case("none", ["x"], #"{"a":1}"#, #"{"a":1}"#),
        Case("of nothing", ["x"], "{}", "{}"),
        Case("every one of a repeated key", ["a"], #"{"a":1,"b":2,"a":3}"#, #"{"b":2}"#),
        Case("a key with an escape", ["eventName"], #"{"\u0065ventName":1,"b":2}"#, #"{"b":2}"#),
        Case("a key with a quote", [#""say \"hi\"""#], #"{"say \"hi\"":1,"b":2}"#, #"{"b":2}"#),
        Case("below", ["a.b"], #"{"a":{"b":1,"c":2},"b":3}"#, #"{"a":{"c":2},"b":3}"#),
        Case("the only one below", ["a.b"], #"{"a":{"b":1}}"#, #"{"a":{}}"#),
        Case("below a text", ["a.b"], #"{"a":"b"}"#, #"{"a":"b"}"#),
        Case("two levels at once", ["a", "a.b"], #"{"a":{"b":1},"c":2}"#, #"{"c":2}"#),
        Case("in an element", ["r.1.x"], #"{"r":[{"x":1},{"x":2,"y":3}]}"#, #"{"r":[{"x":1},{"y":3}]}"#),
        Case("an element", ["r.0"], #"{"r":[1,2,3]}"#, #"{"r":[2,3]}"#),
        Case("the last elements", ["r.1", "r.2"], #"{"r":[1,2,3]}"#, #"{"r":[1]}"#),
        Case("a key of digits", ["r.0"], #"{"r":{"0":1,"1":2}}"#, #"{"r":{"1":2}}"#),
        Case("numbers keep their text", ["x"], #"{"n":1.50e+2,"x":0,"m":-0.0}"#, #"{"n":1.50e+2,"m":-0.0}"#),
        Case("strings keep their escapes", ["x"], #"{"s":"\u00e9\/\ud800","x":0}"#, #"{"s":"\u00e9\/\ud800"}"#),
        Case("white space goes as always", ["x"], "{ \"a\" : [ 1 ,\n2 ] , \"x\" : 0 }", #"{"a":[1,2]}"#),
    ])
    func removes(_ example: Case) throws {
        let run = try TransformRun(RemoveTransform.self, ["fields": Self.list(example.options)])
        #expect(try run.lines([example.record]) == [example.expected])
    }

    @Test(arguments: [
        Case("in the record's order", ["c", "a"], #"{"a":1,"b":2,"c":3}"#, #"{"a":1,"c":3}"#),
        Case("none that is there", ["x"], #"{"a":1}"#, "{}"),
        Case("below", ["a.b"], #"{"z":0,"a":{"c":1,"b":2},"d":3}"#, #"{"a":{"b":2}}"#),
        Case("below, and not there", ["a.b", "d"], #"{"a":{"c":1},"d":3}"#, #"{"d":3}"#),
        Case("below a text", ["a.b", "d"], #"{"a":"b","d":3}"#, #"{"d":3}"#),
        Case("the object and a part of it", ["a.b", "a"], #"{"a":{"c":1,"b":2}}"#, #"{"a":{"c":1,"b":2}}"#),
        Case("all of a repeated key", ["a"], #"{"a":1,"b":2,"a":3}"#, #"{"a":1,"a":3}"#),
        Case("an element", ["r.1.x"], #"{"r":[{"x":1},{"x":2,"y":3}]}"#, #"{"r":[{"x":2}]}"#),
        Case("null is there", ["a"], #"{"a":null,"b":1}"#, #"{"a":null}"#),
        Case("an object that is empty is there", ["a"], #"{"a":{},"b":1}"#, #"{"a":{}}"#),
    ])
    func selects(_ example: Case) throws {
        let run = try TransformRun(SelectTransform.self, ["fields": Self.list(example.options)])
        #expect(try run.lines([example.record]) == [example.expected])
    }

    /// Old and new names in pairs; nothing is expected of an event that is rejected.
    @Test(arguments: [
        Case("in its place", ["a", "x"], #"{"z":0,"a":{"b":[1.0]},"c":2}"#, #"{"z":0,"x":{"b":[1.0]},"c":2}"#),
        Case("below", ["a.b", "a.x"], #"{"a":{"b":1,"c":2}}"#, #"{"a":{"x":1,"c":2}}"#),
        Case("to the top", ["a.b", "x"], #"{"a":{"b":{"q":1},"c":2},"d":3}"#, #"{"a":{"c":2},"d":3,"x":{"q":1}}"#),
        Case("to the top, with one name", ["a.b", "b"], #"{"a":{"b":1},"d":3}"#, #"{"a":{},"d":3,"b":1}"#),
        Case("two to the top", ["a.b", "x", "a.c", "y"], #"{"a":{"b":1,"c":2}}"#, #"{"a":{},"x":1,"y":2}"#),
        Case("of an element", ["r.0.b", "r.0.x"], #"{"r":[{"b":1},{"b":2}]}"#, #"{"r":[{"x":1},{"b":2}]}"#),
        Case("an element to the top", ["r.0", "x"], #"{"r":[1,2]}"#, #"{"r":[2],"x":1}"#),
        Case("names that change places", ["a", "b", "b", "a"], #"{"a":1,"b":2}"#, #"{"b":1,"a":2}"#),
        Case("every one of a repeated key", ["a", "x"], #"{"a":1,"a":2}"#, #"{"x":1,"x":2}"#),
        Case("a name that needs escapes", ["a", #""x\"y\\z""#], #"{"a":1}"#, #"{"x\"y\\z":1}"#),
        Case("what is not there", ["a", "x"], #"{"b":1}"#, #"{"b":1}"#),
        Case("one of two with one name", ["a", "x", "b", "x"], #"{"b":1}"#, #"{"x":1}"#),
        Case("two with one name", ["a", "x", "b", "x"], #"{"a":0,"b":1}"#, nil),
        Case("a name that is there", ["a", "b"], #"{"a":1,"b":2}"#, nil),
        Case("a name at the top that is there", ["a.c", "b"], #"{"a":{"c":1},"b":2}"#, nil),
        Case("a name that is there below", ["a.c", "a.b"], #"{"a":{"c":1,"b":2}}"#, nil),
        Case("a name that is there, of what is not", ["x", "b"], #"{"a":1,"b":2}"#, #"{"a":1,"b":2}"#),
    ])
    func renames(_ example: Case) throws {
        let pairs = stride(from: 0, to: example.options.count, by: 2).map { place in
            ConfigEntry(key: example.options[place], value: ConfigNode(.text(example.options[place + 1])))
        }
        let run = try TransformRun(RenameTransform.self, ["fields": .mapping(pairs)])
        let batch = try run.batch([example.record])
        #expect(batch.map(\.enrichedJSON) == [example.expected].compactMap(\.self))
        #expect(batch.takeRejections().count == (example.expected == nil ? 1 : 0))
    }

    @Test(arguments: [
        (["a", "a"], "at 'a' gives the field the name that it has"),
        (["a.b", "c.b"], "at 'a.b' cannot move the field to 'c.b'"), (["a", "b.c"], "at 'a' cannot move the field"),
        (["r.0", "r.1"], "a number stands for an element"), (["a", "x", "a.b", "y"], "cannot stand beside 'a'"),
        (["a..b", "x"], "at 'a..b' is no field path"), ([], "needs at least one field"),
    ])
    func namesThatCannotBe(_ names: [String], _ message: String) throws {
        let pairs = stride(from: 0, to: names.count, by: 2).map { place in
            ConfigEntry(key: names[place], value: ConfigNode(.text(names[place + 1])))
        }
        let error = #expect(throws: OptionError.self) {
            try TransformRun(RenameTransform.self, ["fields": .mapping(pairs)])
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    /// What was added is a part of the event like any other, and hides the record's own key.
    @Test func whatWasAdded() throws {
        let record = #"{"a":1,"tag":"own","b":2}"#
        func batch() -> EventBatch {
            let batch = EventBatch(records: [record, record])
            let tag = batch.addColumn("tag", members: ["kind", "list", "n"])
            tag.set(.string("say \"hi\""), row: 0, member: 0)
            tag.set(.json(#"[{"x":1},2]"#), row: 0, member: 1)
            tag.set(.int(5), row: 0, member: 2)
            batch.addColumn("plain").set(.bool(true), row: 1)
            return batch
        }
        func lines<T: Transform>(_ type: T.Type, _ fields: ConfigNode.Content) throws -> [String] {
            let batch = batch()
            try TransformRun(type, ["fields": fields]).apply(to: batch)
            return batch.map(\.enrichedJSON)
        }
        #expect(
            try lines(RemoveTransform.self, .texts("tag.n", "b")) == [
                #"{"a":1,"tag":{"kind":"say \"hi\"","list":[{"x":1},2]}}"#, #"{"a":1,"tag":"own","plain":true}"#,
            ]
        )
        #expect(try lines(RemoveTransform.self, .texts("tag", "plain")) == [#"{"a":1,"b":2}"#, #"{"a":1,"b":2}"#])
        #expect(
            try lines(SelectTransform.self, .texts("tag.list.0", "plain")) == [
                #"{"tag":{"list":[{"x":1}]}}"#, #"{"plain":true}"#,
            ]
        )
        let renames = ConfigEntry(key: "tag.kind", value: ConfigNode(.text("kind")))
        #expect(
            try lines(RenameTransform.self, .mapping([renames])) == [
                #"{"a":1,"b":2,"tag":{"list":[{"x":1},2],"n":5},"kind":"say \"hi\""}"#,
                #"{"a":1,"tag":"own","b":2,"plain":true}"#,
            ]
        )
    }

    /// The same as a plain tree with the same change, for records with anything in them.
    @Test(arguments: [
        ["eventName"], ["userIdentity.type", "resources"], ["userIdentity.a.kind", "requestParameters", "zzz"],
        ["resources.0", "resources.2.type", "eventTime"], [#""""#, #"userIdentity."""#, "errorMessage.1"],
    ])
    func likeAPlainTree(_ fields: [String]) throws {
        let records = SampleRecords.nasty + SampleRecords.random(400, seed: 11)
        let paths = try fields.map { try FieldPath(parsing: $0).keys[...] }
        let removed = try TransformRun(RemoveTransform.self, ["fields": Self.list(fields)]).lines(records)
        #expect(removed == records.map { Self.remove(paths, PlainTree($0)).text })
        let selected = try TransformRun(SelectTransform.self, ["fields": Self.list(fields)]).lines(records)
        #expect(selected == records.map { (Self.select(paths, PlainTree($0)) ?? .object([])).text })
    }

    /// A batch in which other events were dropped before.
    @Test func droppedEventsStayDropped() throws {
        let batch = EventBatch(records: [#"{"a":1,"b":1}"#, #"{"a":2,"b":2}"#, #"{"a":3,"b":3}"#])
        batch.keep { $0.row != 1 }
        try TransformRun(RemoveTransform.self, ["fields": .texts("a")]).apply(to: batch)
        #expect(batch.map(\.enrichedJSON) == [#"{"b":1}"#, #"{"b":3}"#])
        #expect(batch.map(\.number) == [0, 2])
        // Later stages find fields where they are now.
        #expect(batch.map { $0[FieldPath("b")]?.int } == [1, 3])
    }

    private static func list(_ fields: [String]) -> ConfigNode.Content {
        .list(fields.map { ConfigNode(.text($0)) })
    }

    private static func remove(_ paths: [ArraySlice<String>], _ tree: PlainTree) -> PlainTree {
        tree.mapParts { name, member in
            let below = paths.filter { $0.first == name }.map { $0.dropFirst() }
            guard !below.contains(where: \.isEmpty) else { return nil }
            return PlainTree.Member(key: member.key, value: remove(below, member.value))
        }
    }

    private static func select(_ paths: [ArraySlice<String>], _ tree: PlainTree) -> PlainTree? {
        if paths.contains(where: \.isEmpty) { return tree }
        var isThere = false
        let selected = tree.mapParts { name, member in
            let below = paths.filter { $0.first == name }.map { $0.dropFirst() }
            guard !below.isEmpty, let value = select(below, member.value) else { return nil }
            isThere = true
            return PlainTree.Member(key: member.key, value: value)
        }
        return isThere ? selected : nil
    }
}
