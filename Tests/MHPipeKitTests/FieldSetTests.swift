import MHPipeKit
import Testing

/// What a set of fields finds is what a reader of each of them finds.
@Suite struct FieldSetTests {
    private static let records = [
        #"{}"#,
        #"{"a":1}"#,
        #"{"userIdentity":{"type":"Role","arn":"x","sessionContext":{"attributes":{"mfa":"true"},"n":[1]}},"a":{"b":2}}"#,
        #"{"userIdentity":null,"a":[{"b":1},{"b":{"c":7}},3],"eventName":"e"}"#,
        #"{"userIdentity":{"sessionContext":{"attributes":{"mfa":1}},"sessionContext":{"x":2},"type":"t","type":null}}"#,
        #"{"userIdentity":{"sessionContext":{"attributes":{"mfa":1}},"sessionContext":4}}"#,
        #"{"userIdentity":{"sessionContext":5,"sessionContext":{"attributes":{"mfa":{"deep":[1,{}]}}}}}"#,
        #"{"userIdentity":{"\u0074ype":"escaped"},"\u0061":{"b":"c"},"eventNam\u0065":1}"#,
        "{ \"a\" : { \"b\" : { \"c\" : [ 1 , 2 ] } } , \"userIdentity\" : { \"type\" : { } , \"arn\" : [ ] } }",
        #"{"a":{"b":1},"a":{"c":2},"eventName":"x","eventName":"y"}"#,
        #"{"a":{"0":"zero","1":"one"},"0":"top"}"#,
        #"{"added":{"x":1},"plain":{"y":2}}"#,
        #"{"a":[[[1,2],[3]]],"resources":[{"ARN":"r0"},{"ARN":"r1"}]}"#,
    ]

    private static let texts = [
        "eventName", "userIdentity", "userIdentity.type", "userIdentity.arn", "userIdentity.sessionContext",
        "userIdentity.sessionContext.attributes.mfa", "userIdentity.sessionContext.x", "a", "a.b", "a.b.c", "a.c",
        "a.0", "a.1.b.c", "a.1", "a.0.0.1", "resources.1.ARN", "resources.2.ARN", "0", "added", "added.x", "added.two",
        "plain", "plain.y", "added.two.deeper", "eventName", "missing.at.all",
    ]

    @Test func findsWhatAReaderFinds() throws {
        let paths = try Self.texts.map { try FieldPath(parsing: $0) }
        let batch = EventBatch(records: Self.records)
        #expect(batch.count == Self.records.count)
        let fields = FieldSet(paths)
        compare(fields, paths, batch)

        let column = batch.addColumn("added", members: ["one", "two"])
        column.set(.string("v"), row: 3, member: 1)
        batch.addColumn("plain").set(.int(5), row: 4)
        batch.addColumn("userIdentity").set(.bool(true), row: 2)
        compare(fields, paths, batch)
        compare(fields, paths, EventBatch(records: Self.records))
    }

    @Test func handsOutObjectsWithoutWhiteSpace() {
        let batch = EventBatch(records: ["{ \"a\" : { \"b\" : [ 1 , \" \" ] } , \"c\" : [ ] }"])
        batch.addColumn("added", members: ["x", "y"]).set(.string("v"), row: 0, member: 1)
        let fields = FieldSet([FieldPath("a"), FieldPath("a", "b"), FieldPath("c"), FieldPath("added")])
        fields.attach(batch)
        let texts = fields.read(0).map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(texts == [#"{"b":[1," "]}"#, #"[1," "]"#, "[]", #"{"y":"v"}"#])
    }

    @Test func noFieldsAtAll() {
        let fields = FieldSet([])
        fields.attach(EventBatch(records: Self.records))
        #expect(fields.read(1).isEmpty)
    }

    private func compare(_ fields: FieldSet, _ paths: [FieldPath], _ batch: EventBatch) {
        fields.attach(batch)
        for row in 0..<batch.rowCount {
            let cells = fields.read(row).map(text)
            for (number, path) in paths.enumerated() {
                let reader = FieldReader(path, batch)
                let expected: String
                if let column = reader.wholeColumn {
                    expected =
                        column.isSet(row: row) ? "object \(JSONLines.objectText(of: column, row: row))" : "missing "
                } else {
                    expected = text(reader.slice(row))
                }
                #expect(cells[number] == expected, "\(path.text) in row \(row)")
            }
        }
        fields.detach()
    }

    /// White space is left out, since only one of the two does so; no string of the records holds any.
    private func text(_ slice: JSONSlice) -> String {
        "\(slice.kind) \(String(decoding: slice.bytes, as: UTF8.self).filter { $0 != " " })"
    }
}

/// What stands below a value that a transform added is what would stand below the record's own.
@Suite struct AddedFieldTests {
    private static let values = [
        #"["a","b",{"c":[1,null,true,"x\"]}"]}]"#, #"{"a":{"b":1},"a":{"b":[2,{"c":"d"}]},"e":[]}"#,
        "[ [ 1 , 2 ] , { \"a\" : \"b\" } , [ ] ]", #"{"a":"{\"b\":1}","\u0062":{"c":-1.5e3},"":0}"#, "[]", "{}", "7",
        #""a""#,
        #"["\\","\"",","]"#, #"[[[[["deep"]]]]]"#, #"{"0":"key","1":["e"]}"#,
    ]
    private static let paths = [
        "x", "x.0", "x.1", "x.2", "x.2.c.0", "x.2.c.1", "x.2.c.2", "x.2.c.3", "x.2.c.4", "x.a", "x.a.b", "x.a.b.1.c",
        "x.e", "x.e.0",
        "x.0.1", "x.1.a", "x.b.c", "x.0.0.0.0.0", "x.00", "x.1.0", "x.a.0", "x.99",
    ]

    @Test(arguments: values, [true, false]) func `is found by keys and numbers`(value: String, isMember: Bool) throws {
        let prefix = isMember ? "m." : ""
        let paths = try Self.paths.map { try FieldPath(parsing: prefix + $0) }
        let own = EventBatch(records: [isMember ? #"{"m":{"x":\#(value)}}"# : #"{"x":\#(value)}"#])
        let added = EventBatch(records: ["{}"])
        if isMember {
            added.addColumn("m", members: ["w", "x"]).set(.json(value), row: 0, member: 1)
        } else {
            added.addColumn("x").set(.json(value), row: 0)
        }
        for path in paths {
            let (left, right) = try (#require(added.first { _ in true }), #require(own.first { _ in true }))
            #expect(left[path]?.kind == right[path]?.kind, "\(path.text)")
            #expect(left[path]?.string == right[path]?.string, "\(path.text)")
            #expect(left[path]?.json.filter { $0 != " " } == right[path]?.json.filter { $0 != " " }, "\(path.text)")
        }
        let fields = FieldSet(paths)
        func texts(_ batch: EventBatch) -> [String] {
            fields.attach(batch)
            defer { fields.detach() }
            return fields.read(0).map { "\($0.kind) " + String(decoding: $0.bytes, as: UTF8.self).filter { $0 != " " } }
        }
        #expect(texts(added) == texts(own))
    }
}
