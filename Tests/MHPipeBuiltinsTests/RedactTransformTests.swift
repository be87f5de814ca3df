import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

@Suite("redact") struct RedactTransformTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let options: [String: [String]]
        let record: String
        let expected: String

        init(_ name: String, _ options: [String: [String]], _ record: String, _ expected: String) {
            (testDescription, self.options, self.record, self.expected) = (name, options, record, expected)
        }
    }

    @Test(arguments: fields + kinds + tokens + patterns)
    func hides(_ example: Case) throws {
        #expect(try Self.run(example.options).lines([example.record]) == [example.expected])
    }

    static let fields = [
        Case("a field", ["fields": ["a"]], #"{"a":"x","b":"x"}"#, #"{"a":"REDACTED","b":"x"}"#),
        Case("an object", ["fields": ["a"]], #"{"a":{"b":[1]},"c":1.50}"#, #"{"a":"REDACTED","c":1.50}"#),
        Case(
            "below",
            ["fields": ["a.b", "r.1"]],
            #"{"a":{"b":5,"c":6},"r":[1,2]}"#,
            #"{"a":{"b":"REDACTED","c":6},"r":[1,"REDACTED"]}"#
        ),
        Case(
            "removed",
            ["fields": ["a", "c.d"], "method": ["remove"]],
            #"{"a":"x","b":"x","c":{"d":1}}"#,
            #"{"b":"x","c":{}}"#
        ),
        Case("another mask", ["fields": ["a"], "mask": ["\"*\""]], #"{"a":"x"}"#, #"{"a":"\"*\""}"#),
        Case("what is not there", ["fields": ["z"]], #"{"a":"\u00e9"}"#, #"{"a":"\u00e9"}"#),
    ]

    static let kinds = [
        Case(
            "access keys",
            ["kinds": ["access_keys"]],
            #"{"a":"AKIAIOSFODNN7EXAMPLE","b":"x=ASIAIOSFODNN7EXAMPLE/y","c":"AKIA","d":"akiaiosfodnn7example"}"#,
            #"{"a":"REDACTED","b":"x=REDACTED/y","c":"AKIA","d":"akiaiosfodnn7example"}"#
        ),
        Case(
            "other ids stay",
            ["kinds": ["access_keys"]],
            #"{"a":"AROAIOSFODNN7EXAMPLE:s","b":"AIDAIOSFODNN7EXAMPLE"}"#,
            #"{"a":"AROAIOSFODNN7EXAMPLE:s","b":"AIDAIOSFODNN7EXAMPLE"}"#
        ),
        Case(
            "account ids",
            ["kinds": ["account_ids"]],
            #"{"a":"arn:aws:iam::111122223333:user/x","b":111122223333,"c":"1111222233334","d":"11112222333"}"#,
            #"{"a":"arn:aws:iam::REDACTED:user/x","b":"REDACTED","c":"1111222233334","d":"11112222333"}"#
        ),
        Case(
            "the end of a UUID stays",
            ["kinds": ["account_ids"]],
            #"{"a":"0a1b2c3d-0000-4000-8000-123456789012","b":"logs-abcd-123456789012"}"#,
            #"{"a":"0a1b2c3d-0000-4000-8000-123456789012","b":"logs-abcd-REDACTED"}"#
        ),
        Case(
            "addresses of IPv4",
            ["kinds": ["addresses"]],
            #"{"a":"192.0.2.1","b":"from 192.0.2.1:443, 10.0.0.255.","c":"1.26.165","d":"300.1.1.1"}"#,
            #"{"a":"REDACTED","b":"from REDACTED:443, REDACTED.","c":"1.26.165","d":"300.1.1.1"}"#
        ),
        Case(
            "addresses of IPv6",
            ["kinds": ["addresses"]],
            #"{"a":"2001:db8::1","b":"[::1]:80","c":"::ffff:192.0.2.1/96","d":"12:34:56","e":"see 2001:db8::2.","f":"arn:aws:s3:::b"}"#,
            #"{"a":"REDACTED","b":"[REDACTED]:80","c":"REDACTED/96","d":"12:34:56","e":"see REDACTED.","f":"arn:aws:s3:::b"}"#
        ),
        Case(
            "addresses in names of hosts",
            ["kinds": ["addresses"]],
            #"{"a":"ip-10-0-0-12.ec2.internal","b":"ec2-203-0-113-25.compute-1.amazonaws.com"}"#,
            #"{"a":"ip-REDACTED.ec2.internal","b":"ec2-REDACTED.compute-1.amazonaws.com"}"#
        ),
        Case("in names of fields", ["kinds": ["account_ids"]], #"{"a":{"111122223333":1}}"#, #"{"a":{"REDACTED":1}}"#),
        Case(
            "written with escapes",
            ["kinds": ["account_ids", "access_keys"]],
            #"{"a":"\u00311112222333\u0033","b":"\u0041KIAIOSFODNN7EXAMPLE"}"#,
            #"{"a":"REDACTED","b":"REDACTED"}"#
        ),
        Case(
            "JSON in a text",
            ["kinds": ["account_ids"]],
            #"{"a":"{\"id\":\"111122223333\",\"n\":\"\\u00e9\"}"}"#,
            #"{"a":"{\"id\":\"REDACTED\",\"n\":\"\\u00e9\"}"}"#
        ),
        Case(
            "cut out",
            ["kinds": ["account_ids"], "method": ["remove"]],
            #"{"a":"arn:aws:iam::111122223333:user/x"}"#,
            #"{"a":"arn:aws:iam:::user/x"}"#
        ),
        Case(
            "what is whole stays whole",
            ["kinds": ["account_ids", "addresses", "access_keys", "tokens"]],
            #"{"a":[1.50,true,null,"x \u00e9"],"eventID":"00000000-0000-4000-8000-000000000000"}"#,
            #"{"a":[1.50,true,null,"x \u00e9"],"eventID":"00000000-0000-4000-8000-000000000000"}"#
        ),
    ]

    static let tokens = [
        Case(
            "by the name",
            ["kinds": ["tokens"]],
            #"{"masterUserPassword":"x","sessionToken":"y","x-amz-security-token":"z","secretAccessKey":"s","passwordResetRequired":true,"nextToken":"n"}"#,
            #"{"masterUserPassword":"REDACTED","sessionToken":"REDACTED","x-amz-security-token":"REDACTED","secretAccessKey":"REDACTED","passwordResetRequired":true,"nextToken":"n"}"#
        ),
        Case(
            "below the name",
            ["kinds": ["tokens"]],
            #"{"privateKey":{"pem":"x","n":[1,"y",true]}}"#,
            #"{"privateKey":{"pem":"REDACTED","n":["REDACTED","REDACTED",true]}}"#
        ),
        Case("removed", ["kinds": ["tokens"], "method": ["remove"]], #"{"password":"x","a":1}"#, #"{"a":1}"#),
        Case(
            "in a query",
            ["kinds": ["tokens"]],
            #"{"u":"https://h/?X-Amz-Security-Token=abc%2F&X-Amz-Signature=0f0f&x=1"}"#,
            #"{"u":"https://h/?X-Amz-Security-Token=REDACTED&X-Amz-Signature=REDACTED&x=1"}"#
        ),
        Case(
            "in JSON in a text",
            ["kinds": ["tokens"]],
            #"{"a":"{\"Password\": \"hun\\\"ter 2\", \"b\":1}"}"#,
            #"{"a":"{\"Password\": \"REDACTED\", \"b\":1}"}"#
        ),
        Case(
            "in JSON in JSON",
            ["kinds": ["tokens"]],
            #"{"a":"{\"b\":\"{\\\"password\\\":\\\"hunter 2\\\",\\\"c\\\":1}\"}"}"#,
            #"{"a":"{\"b\":\"{\\\"password\\\":\\\"REDACTED\\\",\\\"c\\\":1}\"}"}"#
        ),
        Case(
            "by how it begins",
            ["kinds": ["tokens"]],
            #"{"a":"IQoJb3JpZ2luX2VjEHoaCXVzLWVhc3Q=","b":"x eyJhbGciOiJI.eyJzdWIiOiIx.c2ln y","c":"Authorization: Bearer abcdef012345"}"#,
            #"{"a":"REDACTED","b":"x REDACTED y","c":"Authorization: Bearer REDACTED"}"#
        ),
    ]

    static let patterns = [
        Case(
            "what matches",
            ["patterns": [#"[\w.]+@example\.com"#]],
            #"{"a":"mail ann@example.com now","b":"ann"}"#,
            #"{"a":"mail REDACTED now","b":"ann"}"#
        ),
        Case("a group", ["patterns": ["id=([0-9]+)"]], #"{"a":"id=5&id=6"}"#, #"{"a":"id=REDACTED&id=REDACTED"}"#),
        Case("what overlaps", ["patterns": ["abc", "cde"]], #"{"a":"xabcdey"}"#, #"{"a":"xREDACTEDy"}"#),
        Case("matches of nothing", ["patterns": ["x*"]], #"{"a":"éxé"}"#, #"{"a":"éREDACTEDé"}"#),
        Case(
            "what cannot be decided is hidden",
            ["patterns": ["^(a|aa|a?)+$"]],
            #"{"a":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"}"#,
            #"{"a":"REDACTED"}"#
        ),
    ]

    /// RFC 4231, test case 2.
    @Test func theHashIsHMAC() throws {
        let digest = try KeyedDigest(key: Array("Jefe".utf8))
        let digits = digest.hexDigits(of: Array("what do ya want for nothing?".utf8))
        #expect(
            String(decoding: digits, as: UTF8.self)
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
        #expect(digest.hexDigits(of: Array("what do ya want for nothing?".utf8)) == digits)
        #expect(digest.hexDigits(of: []).count == 64)
    }

    /// One value has one hash, wherever it stands and however it is written.
    @Test func oneHashForOneValue() throws {
        setenv("MHPIPE_TEST_KEY", "0123456789abcdef", 1)
        let run = try Self.run([
            "fields": ["f"], "kinds": ["account_ids"], "method": ["hash"], "key_env": ["MHPIPE_TEST_KEY"],
        ])
        let lines = try run.lines([#"{"f":"111122223333","a":"\u0031\u003111 111122223333","n":111122223333}"#])
        let digits = try KeyedDigest(key: Array("0123456789abcdef".utf8)).hexDigits(of: Array("111122223333".utf8))
        let hash = String(decoding: digits, as: UTF8.self)
        #expect(lines == [#"{"f":"\#(hash)","a":"1111 \#(hash)","n":"\#(hash)"}"#])
    }

    @Test(
        arguments: [
            ([:], "needs 'fields', 'kinds' or 'patterns'"), (["kinds": ["secrets"]], "needs one of access_keys"),
            (["patterns": ["("]], "is no regular expression"),
            (["fields": ["a"], "method": ["hash"]], "needs 'key_env' beside it"),
            (["fields": ["a"], "key_env": ["HOME"]], "is for method hash"),
            (
                ["fields": ["a"], "method": ["hash"], "key_env": ["MHPIPE_NOT_SET"]],
                "'MHPIPE_NOT_SET', which is not set"
            ),
            (["fields": ["a"], "method": ["hash"], "key_env": ["MHPIPE_TEST_SHORT"]], "shorter than 16 bytes"),
        ] as [([String: [String]], String)]
    )
    func mistakes(_ options: [String: [String]], _ message: String) {
        setenv("MHPIPE_TEST_SHORT", "s3cr3t", 1)
        let error = #expect(throws: OptionError.self) { try Self.run(options) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("s3cr3t") != true)
    }

    /// Whatever it stands in, a value of a kind is not there afterwards, and all the rest is.
    @Test func nothingIsLeft() throws {
        let secrets = [
            "AKIAIOSFODNN7EXAMPLE", "ASIAQWERTYUIOP123456", "111122223333", "987654321098", "192.0.2.81", "10.255.0.1",
            "2001:db8:0:1::7f", "fe80::1", "ip-10-20-30-40".replacing("ip-", with: ""),
        ]
        var random = SplitMix64(seed: 5)
        func pick(_ texts: [String]) -> String { texts[Int(random.next() % UInt64(texts.count))] }
        func escaped(_ text: String) -> String {
            var bytes: [UInt8] = []
            JSONText.escape(text.utf8, into: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        func spelled(_ text: String) -> String {
            text.unicodeScalars.map { scalar in
                random.next() % 4 == 0 ? "\\u00" + String(scalar.value, radix: 16) : String(scalar)
            }.joined()
        }
        let run = try Self.run(["kinds": ["access_keys", "addresses", "account_ids"]])
        for _ in 0..<2000 {
            let secret = pick(secrets)
            let host = secret.contains("-") ? "ip-" : ""
            let text =
                pick(["", " ", "x=", "(", "\"", "é", "/"]) + host + secret
                + pick(["", " ", ";", ")", "\"", "é", "/", ", "])
            let json = [
                #"{"a":"\#(escaped(text))"}"#, #"{"a":{"b":[1,{"c":"\#(escaped(text))"}]}}"#,
                #"{"\#(escaped(text))":[]}"#,
                #"{"a":"\#(escaped("{\"b\":\"\(escaped(text))\"}"))","z":1.0}"#, #"{"a":"\#(spelled(host + secret))"}"#,
            ]
            let line = try run.lines([pick(json)])[0]
            let value = try #require(JSONValue.checked(Array(line.utf8)))
            #expect(!line.contains(secret) && !Self.texts(value).contains { $0.contains(secret) }, "\(secret): \(line)")
        }
    }

    /// What was added is hidden likewise.
    @Test func whatWasAdded() throws {
        let batch = EventBatch(records: [#"{"a":1}"#])
        let column = batch.addColumn("call", members: ["ip", "arns"])
        column.set(.string("192.0.2.1"), row: 0, member: 0)
        column.set(.json(#"["arn:aws:iam::111122223333:user/x"]"#), row: 0, member: 1)
        try Self.run(["kinds": ["addresses", "account_ids"]]).apply(to: batch)
        #expect(
            batch.map(\.enrichedJSON) == [#"{"a":1,"call":{"ip":"REDACTED","arns":["arn:aws:iam::REDACTED:user/x"]}}"#]
        )
    }

    /// As deep as a record may be.
    @Test func deepRecords() throws {
        let open = String(repeating: #"{"a":["#, count: 499)
        let close = String(repeating: "]}", count: 499)
        let lines = try Self.run(["kinds": ["account_ids"]]).lines([open + #""111122223333""# + close])
        #expect(lines == [open + #""REDACTED""# + close])
    }

    private static func texts(_ value: JSONValue) -> [String] {
        switch value.kind {
        case .object: value.members.flatMap { [$0.key] + texts($0.value) }
        case .array: value.elements.flatMap(texts)
        case .string: [value.string ?? ""]
        default: [value.json]
        }
    }

    private static func run(_ options: [String: [String]]) throws -> TransformRun<RedactTransform> {
        let entries = options.map { key, texts in
            let isList = ["fields", "kinds", "patterns"].contains(key)
            let list = texts.map { ConfigNode(.text($0)) }
            return ConfigEntry(key: key, value: isList ? ConfigNode(.list(list)) : list[0])
        }
        return try TransformRun(RedactTransform.self, entries: entries)
    }
}
