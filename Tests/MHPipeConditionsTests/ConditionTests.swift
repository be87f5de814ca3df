import MHPipeKit
import Testing

@testable import MHPipeConditions

/// Which events meet a condition: decisions A50 to A53, and everything that is written for real.
@Suite struct ConditionTests {
    private static let record = """
        {"eventName":"DeleteBucket","eventTime":"2026-03-01T12:00:00Z","sourceIPAddress":"10.1.2.3","readOnly":false,
        "userAgent":"aws-cli\\/2 \\u00e9 \\"q\\"","errorCode":null,"n":5,"d":1.50,"big":9007199254740993,"t":"true",
        "userIdentity":{"type":"Root","sessionContext":{"attributes":{"mfaAuthenticated":"false"}}},"empty":"","list":[],
        "resources":[{"ARN":"arn:a","accountId":"1"},{"ARN":"arn:b","accountId":"2"},null,7],
        "requestParameters":{"x.y":"dot","tags":["a","b"],"nested":[[1,2],[3]],"0":"zero","nothing":null}}
        """

    static let cases: [(condition: String, holds: Bool)] = [
        // Fields
        (#"eventName == "DeleteBucket""#, true), (#""DeleteBucket" == eventName"#, true),
        (#"eventName == 'deleteBucket'"#, false), (#"eventName != "x""#, true),
        (#"userIdentity.type == "Root" && !has(errorCode)"#, true),
        (#"requestParameters["x.y"] == "dot""#, true), ("requestParameters['tags'][1] == 'b'", true),
        ("requestParameters.nested[0][1] == 2", true),
        ("resources[0].ARN == 'arn:a'", true), ("resources[4].ARN == 'arn:a'", false), ("resources[3] == 7", true),
        (#"userAgent == "aws-cli/2 é \"q\"""#, true), (#"userAgent == r'aws-cli\/2 \u00e9 \"q\"'"#, false),
        (#"empty == """#, true), (#"eventName == """#, false), ("(userIdentity).type == 'Root'", true),
        // A50: missing and null
        ("errorCode == 'x'", false), ("errorCode != 'x'", true), ("!(errorCode == 'x')", true), ("nope < 5", false),
        ("nope >= 5", false), ("!(nope < 5)", true), ("nope in ['a']", false), ("!(nope in ['a'])", true),
        ("nope == nope", false),
        ("nope != nope", true), ("has(errorCode)", false), ("has(userIdentity.type)", true),
        ("has(userIdentity.nope.deep)", false),
        ("has(eventName)", true), ("has(eventName.deeper)", false), ("has(requestParameters.nothing)", false),
        ("has(requestParameters)", true), ("has(resources[2])", false), ("has(resources[1])", true),
        ("has(empty)", true),
        ("nope", false), ("!nope", true), ("errorCode ? true : false", false),
        // A51: types
        ("n == '5'", false), ("n != '5'", true), ("t == true", false), ("t != true", true), ("readOnly == false", true),
        ("readOnly == 'false'", false), ("readOnly", false), ("!readOnly", true), ("n", false), ("!n", true),
        ("eventName < 5", false), ("eventName >= 5", false), ("userIdentity == 'Root'", false), ("n == 5.0", true),
        ("d == 1.5", true), ("d == 15e-1", true), ("n in [4, 5u]", true), ("n == 0x5", true),
        ("big == 9007199254740992.0", false),
        ("big > 9007199254740992.0", true), ("big == 9007199254740993", true), ("n > 4.99999999999999999999", true),
        ("nope.startsWith('a')", false), ("!nope.startsWith('a')", true), ("n.startsWith('5')", false),
        ("nope.startsWith('a') == false", false), ("nope.startsWith('a') != false", true),
        ("eventName.startsWith('D') == true", true), ("size(nope) == 0", false), ("size(n) == 0", false),
        (#"cidr("10.0.0.0/8").containsIP(eventName)"#, false), (#"!cidr("10.0.0.0/8").containsIP(eventName)"#, true),
        ("timestamp(eventName) < timestamp('2030-01-01T00:00:00Z')", false),
        // Functions
        ("eventName.startsWith('Delete') && eventName.endsWith('Bucket') && eventName.contains('eB')", true),
        ("eventName.contains(requestParameters.tags[0])", false), ("eventName.matches('^(Get|Del).*t$')", true),
        ("matches(eventName, 'bucket')", false), ("eventName.lowerAscii() == 'deletebucket'", true),
        ("size(eventName) == 12", true), ("eventName.size() > 11", true), ("size(resources) == 4", true),
        ("size(requestParameters) == 5", true), ("size(userAgent) == 15", true), ("size(list) == 0", true),
        (#"cidr("10.0.0.0/8").containsIP(sourceIPAddress)"#, true),
        (#"cidr("10.1.2.3/32").containsIP(sourceIPAddress)"#, true),
        (#"cidr("0.0.0.0/0").containsIP(sourceIPAddress)"#, true),
        (#"cidr("192.168.0.0/16").containsIP(sourceIPAddress)"#, false),
        (#"cidr("::/0").containsIP(sourceIPAddress)"#, false),
        (#"cidr("10.0.0.0/8").containsIP("::ffff:10.9.9.9")"#, true),
        // A field and a text that is written there, in both orders, with escapes, and what is no text
        ("eventName < 'E'", true), ("'E' > eventName", true), ("eventName < 'DeleteBucket'", false),
        ("eventName <= 'DeleteBucket'", true), ("'DeleteBucket' >= eventName", true), ("eventName > 'Delete'", true),
        ("'Delete' < eventName", true), ("eventName >= 'DeleteBuckets'", false), ("empty < 'a'", true),
        ("empty >= ''", true), ("userAgent > 'aws-cli/2 è'", true), ("userAgent < 'aws-cli/2 ê'", true),
        ("'a' < nope", false), ("'a' >= nope", false), ("n < 'a'", false), ("'a' > n", false),
        ("errorCode <= 'z'", false),
        ("userAgent.startsWith('aws-cli/2 é')", true), (#"userAgent.endsWith('"q"')"#, true),
        ("userAgent.contains('/2')", true), (#"userAgent.startsWith(r'aws-cli\')"#, false),
        ("eventName.startsWith('')", true), ("empty.startsWith('')", true), ("empty.endsWith('')", true),
        ("empty.contains('')", true), ("empty.startsWith('a')", false),
        ("eventName.startsWith('DeleteBuckets')", false),
        ("eventName.endsWith('xDeleteBucket')", false), ("errorCode.startsWith('')", false), ("n.contains('')", false),
        // A52: times
        ("timestamp(eventTime) > timestamp('2026-01-01T00:00:00Z')", true),
        ("eventTime > timestamp('2026-03-01T11:59:59Z')", true),
        ("timestamp('2026-03-01T13:00:00+01:00') == eventTime", true),
        ("eventTime != timestamp('2026-03-01T12:00:00Z')", false),
        ("eventTime >= '2026-03'", true), ("eventName > timestamp('2026-01-01T00:00:00Z')", false),
        ("eventTime > now() - duration('24h')", true), ("eventTime > now() - duration('1d')", true),
        ("eventTime > now() - duration('1h')", false), ("now() - eventTime == duration('6h')", true),
        ("now() - timestamp(eventTime) > duration('5h59m59.999s')", true), ("eventTime - now() < duration('0s')", true),
        ("nope - now() < duration('0s')", false), ("eventTime + duration('6h') == now()", true),
        ("timestamp(n) == timestamp('1970-01-01T00:00:05Z')", true),
        // Lists
        ("resources.exists(r, r.ARN == 'arn:b')", true), ("resources.exists(r, r.accountId == '3')", false),
        ("resources.all(r, has(r.ARN))", false), ("list.all(r, false)", true), ("list.exists(r, true)", false),
        ("nope.all(r, true)", false), ("nope.exists(r, true)", false), ("!nope.all(r, true)", true),
        ("n.all(r, true)", false),
        ("requestParameters.all(r, true)", false), ("'a' in requestParameters.tags", true),
        ("'c' in requestParameters.tags", false),
        ("eventName in ['CreateBucket', 'DeleteBucket']", true), ("eventName in [n, 'DeleteBucket']", true),
        ("'tags' in requestParameters", true), ("'nothing' in requestParameters", false), ("'a' in eventName", false),
        ("requestParameters.tags == ['a', 'b']", true), ("requestParameters.tags != ['a']", true),
        ("requestParameters.nested.exists(row, row.all(n, n < 3))", true),
        ("requestParameters.nested.exists(r, r[0] == 3)", true),
        ("resources.exists(r, resources.exists(q, q.ARN != r.ARN && has(q.ARN)))", true),
        ("[1, 2].all(n, n < 3) && n == 5", true), ("requestParameters == requestParameters", true),
        // Operators
        ("true || false && false", true), ("(true || false) && false", false), ("!true || true", true),
        ("!(true || true)", false),
        ("!!has(n)", true), ("!readOnly == true", true), ("n > 4 ? eventName == 'x' : true", false),
        ("(n > 4 ? 'DeleteBucket' : 'x') == eventName", true), ("n == 5 == true", true), ("-5 < n", true),
        ("--5 == n", true),
        ("has(n) == has(d)", true), ("(eventName == 'x') == false", true), ("1 < 2 == true", true),
        ("n // five\n == 5", true),
    ]

    @Test(arguments: cases) func `an event meets it or does not`(condition: String, holds expected: Bool) throws {
        let start = try #require(Timestamp(rfc3339: "2026-03-01T18:00:00Z"))
        #expect(try holds(condition, Self.record, start: start) == expected)
        #expect(try holds("!(\(condition)\n)", Self.record, start: start) == !expected)
    }

    @Test func `a limit stops a condition and its negation alike`() throws {
        let record = #"{"userAgent":""# + String(repeating: "a", count: 100) + #"!","n":1}"#
        let slow = "userAgent.matches('^(a+)+$')"
        #expect(try holds(slow, record) == nil)
        #expect(try holds("!" + slow, record) == nil)
        #expect(try holds("n == 2 && " + slow, record) == false)
        #expect(try holds("!(n == 2 && \(slow))", record) == true)
        #expect(try holds("[1, 2].exists(x, \(slow))", record) == nil)
    }

    @Test func `several conditions share a set of fields`() throws {
        let conditions = [try Condition("a == 'x' || b == 'y'"), try Condition("b == 'y' && c"), try Condition("true")]
        var first = 0
        let tests = conditions.map { condition in
            defer { first += condition.fields.count }
            return ConditionTest(condition, firstField: first, start: Timestamp(seconds: 0))
        }
        var answers: [Bool?] = []
        let fields = FieldSet(conditions.flatMap(\.fields))
        EventBatch(records: [#"{"b":"y"}"#, #"{"a":"x","b":"y","c":true}"#]).forEach(fields) { event in
            for test in tests { answers.append(test.holds(event)) }
        }
        #expect(answers == [true, false, true, true, true, true])
    }

    @Test func `what transforms have added is read`() throws {
        let batch = EventBatch(records: [#"{"identity":{"kind":"own"}}"#])
        let column = batch.addColumn("identity", members: ["kind", "mfa"])
        column.set(.string("root"), row: 0, member: 0)
        column.set(.bool(true), row: 0, member: 1)
        let condition = try Condition("identity.kind == 'root' && identity.mfa && size(identity) == 2")
        let test = ConditionTest(condition, start: Timestamp(seconds: 0))
        var answer: Bool?
        batch.forEach(FieldSet(condition.fields)) { answer = test.holds($0) }
        #expect(answer == true)
    }
}
