import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeConditions

/// CEL's public cases, as far as the rule in `docs/conditions.md` selects them.
@Suite struct CELConformanceTests {
    @Test(arguments: CELCase.selected) func `a selected case`(_ example: CELCase) throws {
        guard let value = example.value else {
            // A mistake is refused, or it has no value, which is equal to nothing.
            let same = "(\(example.expression)) == (\(example.expression))"
            #expect((try? holds(same)) != true, "\(example.expression)")
            return
        }
        let answer = try holds("(\(example.expression)) == \(value)")
        #expect(answer == true, "\(example.expression) is not \(value)")
    }

    /// Some of them as they stand, for where the files are not.
    static let literals: [(expression: String, value: String)] = [
        ("0e+0", "0.0"), ("-9223372036854775808", "-9223372036854775808"), ("-0x55555555", "-1431655765"),
        (#""\u270c""#, #""✌""#), (#"'\a\b\f\n\r\t\v\"\'\\'"#, #""\x07\b\f\n\r\t\v\"\'\\""#), ("r''''''", "''"),
        (".99 > 9.9e-1", "false"), ("'a' < '\\u00E1'", "true"), ("'Abc' < 'aBC'", "true"), ("'α' > 'omega'", "true"),
        ("false < true", "true"), ("-0.0 < 0.0", "false"), ("0.0 <= 0.1e-31", "true"), ("2u == 2u", "true"),
        ("'Am\\u00E9lie' == 'Ame\\u0301lie'", "false"), ("[1.0, 2.0, 3] == [1u, 2, 3u]", "true"),
        ("[1, 'dos', 3] == [1, 2, 4]", "false"), ("'elem' in [1, 'elem', 2]", "true"), ("'empty' in []", "false"),
        ("[0, 1, 1, 2, 3, 5, 8, 13][4]", "3"), ("[[[['foo']]]][0][0][0][0]", "'foo'"),
        ("[1, 'foo', 3].exists(e, e != '1')", "true"), ("[1, 'foo', 3].all(e, e == 1)", "false"),
        ("[].all(e, e > 0)", "true"),
        ("[].exists(e, e == 2)", "false"), ("['signer'].all(signer, ['artifact'].all(artifact, true))", "true"),
        ("true ? 1 : false ? 2 : 3", "1"), ("!!!true", "false"), ("false && true || true", "true"),
        ("''.startsWith('foo')", "false"), ("'forté'.endsWith('té')", "true"), ("'Straße'.contains('aß')", "true"),
        ("'abababc'.contains('ababc')", "true"), ("'mañana'.matches('a+ñ+a+')", "true"),
        ("''.matches('foo|bar')", "false"),
        ("size('πέντε')", "5"), ("size([[[0]]])", "1"), ("'TacoCÆt Xii'.lowerAscii()", "'tacocÆt xii'"),
        ("cidr('192.168.0.0/24').containsIP('192.168.0.1')", "true"),
        ("cidr('2001:db8::/32').containsIP('192.168.1.1')", "false"),
        ("duration('60s') == duration('1m')", "true"),
        ("timestamp(timestamp(1000000000)) == timestamp(1000000000)", "true"),
        ("timestamp('2009-02-13T23:31:00Z') - timestamp('2009-02-13T23:29:00Z') == duration('120s')", "true"),
        (
            "timestamp('0001-01-01T00:00:01.000000001Z') + duration('-999999999ns') == timestamp('0001-01-01T00:00:00.000000002Z')",
            "true"
        ),
    ]

    @Test(arguments: literals) func `a case as it stands`(expression: String, value: String) throws {
        #expect(try holds("(\(expression)) == \(value)") == true)
    }

    @Test(.enabled(if: !CELCase.all.isEmpty)) func `the rule selects what the page says`() throws {
        let page = try String(contentsOf: Repository.root.appending(path: "docs/conditions.md"), encoding: .utf8)
        let reasons = Dictionary(grouping: CELCase.all) { $0.exclusion ?? "is run, and passes" }
        let rows = reasons.map { "| \($0.key) | \($0.value.count) |" }
        #expect(rows.filter { !page.contains($0) }.sorted() == [])
    }
}

/// Whether an event meets a condition.
func holds(_ condition: String, _ record: String = "{}", start: Timestamp = Timestamp(seconds: 0)) throws -> Bool? {
    let condition = try Condition(condition)
    let test = ConditionTest(condition, start: start)
    let batch = EventBatch(records: [record])
    try #require(batch.count == 1, "the record is not valid JSON: \(record)")
    var answer: Bool?
    batch.forEach(FieldSet(condition.fields)) { answer = test.holds($0) }
    return answer
}
