import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

@Suite("lookup") struct LookupTransformTests {
    /// A table, and what it adds for a text; nil for nothing.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var name = "t.csv"
        let table: String
        var options: [String: String] = [:]
        let texts: [String: String?]
    }

    @Test(arguments: csv + json + matches)
    func adds(_ example: Case) throws {
        let lookup = try Lookup(example.name, example.table, example.options)
        for (text, expected) in example.texts {
            let added = try lookup.run.added(to: #"{"f":\#(text)}"#, column: "t")
            #expect(added == expected ?? "{}" || (expected == nil && added == ""), "\(text): \(added ?? "")")
        }
    }

    static let csv = [
        Case(
            testDescription: "the first column has the keys",
            table: "id,name,team\n1,Ann,red\n2,Bob,\n",
            texts: [
                #""1""#: #"{"name":"Ann","team":"red"}"#, #""2""#: #"{"name":"Bob"}"#, #""3""#: nil,
                "1": #"{"name":"Ann","team":"red"}"#,
            ]
        ),
        Case(
            testDescription: "another column has the keys",
            table: "name,id\nAnn,1\n",
            options: ["key": "id"],
            texts: [#""1""#: #"{"name":"Ann"}"#, #""Ann""#: nil]
        ),
        Case(
            testDescription: "some values, in the order that is asked for",
            table: "id,a,b,c\n1,2,3,4\n",
            options: ["values": "[c, a]"],
            texts: [#""1""#: #"{"c":"4","a":"2"}"#]
        ),
        Case(
            testDescription: "quotes, commas and lines in cells, CRLF, a byte order mark",
            table: "\u{FEFF}id,a\r\n\"x,1\",\"say \"\"hi\"\"\"\r\n\r\ny,\"two\nlines\"\r\n\"\",z",
            options: ["key": "a"],
            texts: [#""say \"hi\"""#: #"{"id":"x,1"}"#, #""two\nlines""#: #"{"id":"y"}"#, #""z""#: "{}"]
        ),
        Case(testDescription: "no line end", table: "id,a\n1,2", texts: [#""1""#: #"{"a":"2"}"#]),
        Case(
            testDescription: "escapes in the event",
            table: "id,a\né/\",2\n".replacing("é/\"", with: "\"é/\"\"\""),
            texts: [#""\u00e9\/\"""#: #"{"a":"2"}"#]
        ),
        Case(testDescription: "no rows", table: "id,a\n", texts: [#""1""#: nil]),
        Case(
            testDescription: "what is no text",
            table: "id,a\ntrue,2\nnull,3\n[],4\n",
            texts: ["true": #"{"a":"2"}"#, "null": nil, "[]": nil, "{}": nil]
        ),
    ]

    static let json = [
        Case(
            testDescription: "an array of objects",
            name: "t.json",
            table: #"[{"id":"1","n":1.50,"o":{ "x" : [ 1 ] }},{"id":2,"n":null,"z":true}]"#,
            texts: [#""1""#: #"{"n":1.50,"o":{"x":[1]}}"#, #""2""#: #"{"z":true}"#, "2": #"{"z":true}"#]
        ),
        Case(
            testDescription: "an object of objects",
            name: "t.JSON",
            table: #"{"1":{"a":"x"},"\u0032":{"b":"y"}}"#,
            texts: [#""1""#: #"{"a":"x"}"#, #""2""#: #"{"b":"y"}"#]
        ),
        Case(
            testDescription: "an object of values",
            name: "t.json",
            table: #"{"1":"x","2":7}"#,
            texts: [#""1""#: #""x""#, #""2""#: "7"]
        ),
        Case(
            testDescription: "JSON lines",
            name: "t.jsonl",
            table: "{\"id\":\"1\",\"a\":\"x\"}\n\n{\"a\":\"y\",\"id\":\"2\"}\n",
            texts: [#""1""#: #"{"a":"x"}"#, #""2""#: #"{"a":"y"}"#]
        ),
    ]

    static let matches = [
        Case(
            testDescription: "the longest prefix",
            table: "p,a\narn:,1\narn:aws:s3:,2\nx,3\n",
            options: ["match": "prefix"],
            texts: [
                #""arn:aws:s3:::b""#: #"{"a":"2"}"#, #""arn:aws:iam::1""#: #"{"a":"1"}"#, #""x""#: #"{"a":"3"}"#,
                #""ar""#: nil, #""""#: nil,
            ]
        ),
        Case(
            testDescription: "the smallest network",
            table: "n,a\n10.0.0.0/8,1\n10.1.0.0/16,2\n10.1.2.3,3\n2001:db8::/32,4\n0.0.0.0/0,5\n::/0,6\n",
            options: ["match": "cidr"],
            texts: [
                #""10.2.0.1""#: #"{"a":"1"}"#, #""10.1.9.9""#: #"{"a":"2"}"#, #""10.1.2.3""#: #"{"a":"3"}"#,
                #""2001:db8:1::1""#: #"{"a":"4"}"#, #""8.8.8.8""#: #"{"a":"5"}"#, #""::1""#: #"{"a":"6"}"#,
                #""::ffff:10.1.2.3""#: #"{"a":"3"}"#, #""ec2.amazonaws.com""#: nil,
            ]
        ),
    ]

    @Test(
        arguments: [
            ("t.csv", "id,a\n1,2\n3,4\n1,5\n", [:], "is wrong on line 4 of", "the key '1' is on line 2 already"),
            ("t.csv", "id,a\n1,\"2\n\"\n1,5\n", [:], "line 4", "line 2 already"),
            ("t.csv", "id,a\n1,2,3\n", [:], "line 2", "there are 3 cells, and the first line names 2 columns"),
            ("t.csv", "id,a\n\n1\n", [:], "line 3", "there are 1 cell"),
            ("t.csv", "id,a\n,2\n", [:], "line 2", "there is no key"),
            ("t.csv", "id,a,a\n", [:], "line 1", "two columns are named 'a'"),
            ("t.csv", "id,,a\n", [:], "line 1", "column 2 has no name"),
            ("t.csv", "id;a\n1;2\n", [:], "line 1", "separated by commas"),
            ("t.csv", "id,a\n1,\"x\n\n", [:], "line 2", "a quote is not closed"),
            ("t.csv", "id,a\n1,x\"y\"\n", [:], "line 2", "a quote stands behind 'x'"),
            ("t.csv", "id,a\n1,\"x\"y\n", [:], "line 2", "text follows the quote"),
            ("t.csv", "", [:], "names", "has no rows"),
            ("t.csv", "id,a\n1,2\n", ["key": "ib"], "names 'ib'", "no column of"),
            ("t.csv", "id,a\n1,2\n", ["values": "[b]"], "names 'b'", "no column of"),
            ("t.csv", "id,a\n10.0.0.0/8,2\n10.0.0.0/33,3\n", ["match": "cidr"], "line 3", "no network"),
            ("t.csv", "id,a\n10.0.0.0/8,2\n10.9.9.9/8,3\n", ["match": "cidr"], "line 3", "line 2 already"),
            ("t.json", "{\"1\":\"x\",\n\"2\":{}}", [:], "line 2", "some keys have objects"),
            ("t.json", "{\"1\":\"x\",\n\n\"1\":\"y\"}", [:], "line 3", "line 1 already"),
            ("t.json", "[{\"id\":1},\n{\"id\":1}]", [:], "line 2", "line 1 already"),
            ("t.json", "[{\"id\":1},\n5]", [:], "line 2", "a row of a table is an object"),
            ("t.json", "[{\"id\":1},\n{\"id\" 1}]", [:], "line 2", "no JSON text"),
            ("t.json", "[{\"id\":1}", [:], "line 1", "no JSON text"), ("t.json", "", [:], "line 1", "no JSON text"),
            ("t.json", "5", [:], "line 1", "an array of objects"),
            ("t.json", "{\"1\":\"x\"}", ["key": "id"], "'key' cannot be used", "own keys"),
            ("t.jsonl", "{\"a\":1}\n[]\n", [:], "line 2", "a row of a table is an object"),
            ("t.jsonl", "{\"a\":1}\n{\"a\n", [:], "line 2", "a string is not closed"),
            ("t.txt", "id,a\n", [:], "'table' needs a file whose name", ".csv"),
        ] as [(String, String, [String: String], String, String)]
    )
    func mistakes(_ name: String, _ table: String, _ options: [String: String], _ first: String, _ second: String)
        throws
    {
        let error = #expect(throws: OptionError.self) { try Lookup(name, table, options) }
        let text = error?.description ?? ""
        #expect(text.contains(first) && text.contains(second), "\(text)")
    }

    @Test func aFileThatIsNotThere() {
        let error = #expect(throws: OptionError.self) {
            try TransformRun(
                LookupTransform.self,
                ["table": .text("/nowhere/t.csv"), "field": .text("f"), "as": .text("t")]
            )
        }
        #expect(error?.description == "'table' names '/nowhere/t.csv', which cannot be read: No such file or directory")
    }

    @Test func bytesThatAreNoText() throws {
        let folder = try TemporaryDirectory()
        try folder.write([UInt8]("id,a\n1,x\n2,".utf8) + [0xFF, 0x0A], to: "t.csv")
        let error = #expect(throws: OptionError.self) {
            try TransformRun(
                LookupTransform.self,
                ["table": .text(folder.path("t.csv")), "field": .text("f"), "as": .text("t")]
            )
        }
        #expect(error?.description.contains("line 3") == true)
    }

    /// What the check of pipelines knows of the columns.
    @Test func whatItAdds() throws {
        func adds(_ name: String, _ table: String) throws -> [EventField]? {
            let folder = try TemporaryDirectory()
            try folder.write([UInt8](table.utf8), to: name)
            var options = LookupTransform.Options()
            options.table = InputPath(stringLiteral: folder.path(name))
            options.column = "t"
            return LookupTransform.adds(options)
        }
        #expect(
            try adds("t.csv", "id,a,b\n1,2,3\n") == [
                EventField("t", .object([EventField("a", .text), EventField("b", .text)]))
            ]
        )
        #expect(try adds("t.json", #"{"1":"x"}"#) == [EventField("t", .text)])
        #expect(
            try adds("t.json", #"[{"id":1,"a":{"x":1},"b":true,"c":1},{"id":2,"c":"x"}]"#) == [
                EventField(
                    "t",
                    .object([EventField("a", .anything), EventField("b", .boolean), EventField("c", .value)])
                )
            ]
        )
        #expect(LookupTransform.adds(LookupTransform.Options()) == [])
    }

    /// Whatever a table holds, an event with it can be read again; what cannot be is refused with the table.
    @Test(arguments: [
        ("t.jsonl", #"{"id":"1","a":"#, "}", 998), ("t.json", #"[{"id":"1","a":"#, "}]", 998),
        ("t.json", #"{"1":{"a":"#, "}}", 998), ("t.json", #"{"1":"#, "}", 999),
    ])
    func valuesThatNestDeep(name: String, before: String, behind: String, most: Int) throws {
        for depth in most - 1...most + 3 {
            let (opening, closing) = (String(repeating: "[", count: depth), String(repeating: "]", count: depth))
            let table = "\(before)\(opening)\(closing)\(behind)\n"
            guard depth <= most else {
                let error = #expect(throws: OptionError.self) { try Lookup(name, table, [:]) }
                let message = error?.message ?? ""
                #expect(message.contains("is wrong on line 1 of"), "\(depth): \(message)")
                continue
            }
            let line = try #require(Lookup(name, table, [:]).run.lines([#"{"f":"1"}"#]).first)
            #expect(line.contains(opening + closing))
            #expect(StrictJSON.object(Array(line.utf8)) != nil, "\(depth)")
        }
    }

    private struct Lookup {
        let folder: TemporaryDirectory
        let run: TransformRun<LookupTransform>

        init(_ name: String, _ table: String, _ options: [String: String]) throws {
            folder = try TemporaryDirectory()
            try folder.write([UInt8](table.utf8), to: name)
            let all = ["table": folder.path(name), "field": "f", "as": "t"].merging(options) { $1 }
            let entries = all.map { key, text in
                let list = text.dropFirst().dropLast().split(separator: ", ").map { ConfigNode(.text(String($0))) }
                return ConfigEntry(key: key, value: ConfigNode(text.hasPrefix("[") ? .list(list) : .text(text)))
            }
            run = try TransformRun(LookupTransform.self, entries: entries)
        }
    }
}
