import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeConditions

/// What is said of a text that is no condition, and at which of its characters.
@Suite struct ConditionMistakeTests {
    static let cases: [(marked: String, message: String, label: String?)] = [
        // Syntax
        ("eventName == 'x' &&1️⃣", "ends where a value was expected", nil),
        ("(eventName == 'x'1️⃣", "ends where ')' was expected", nil),
        ("eventName == 'x' 1️⃣eventName", "needs the end or an operator such as '&&' here", nil),
        ("eventName 1️⃣= 'x'", "has no operator '='", "did you mean '=='?"),
        ("eventName 1️⃣=== 'x'", "has no operator '==='", "did you mean '=='?"),
        ("eventName 1️⃣<> 'x'", "has no operator '<>'", "did you mean '!='?"),
        ("a == 'x' 1️⃣& b == 'y'", "has no operator '&'", "did you mean '&&'?"),
        ("a == 'x' 1️⃣and b == 'y'", "has no operator 'and'", "did you mean '&&'?"),
        ("a == 'x' 1️⃣OR b == 'y'", "has no operator 'OR'", "did you mean '||'?"),
        ("1️⃣not a", "has no 'not'", "did you mean '!'?"),
        ("eventName == 1️⃣'x", "has a text that is not closed", nil),
        ("eventName == 1️⃣“x”", "has '“' where nothing begins with it", "a text stands between \" or '"),
        ("eventName == 'é' && 1️⃣§", "has '§' where nothing begins with it", nil),
        (#"eventName.matches("1️⃣\d+")"#, #"has no escape '\d'"#, #"a backslash is written twice, or the text as r"…""#),
        (#"eventName == "1️⃣\ud800""#, "has an escape that stands for no character", nil),
        ("n == 1️⃣12abc", "cannot read the number '12abc'", nil), ("n == 1️⃣1e", "cannot read the number '1e'", nil),
        ("eventName == 1️⃣b'x'", "has no bytes", "write a text without the 'b'"),
        ("eventName in 1️⃣{'a': 1}", "has no maps", nil),
        ("1️⃣if == 'x'", "cannot name a field 'if': CEL keeps the word for itself", nil),
        ("resources[1️⃣x]", "needs a number or a text here", nil),
        ("resources[1️⃣-1]", "needs a number or a text here", nil),
        ("resources[1️⃣1.5]", "counts elements from 0 in whole numbers", nil),
        ("['a', 'b' 1️⃣'c']", "needs ',' or ']' here", nil),
        ("a.1️⃣'b'", "needs the name of a field or of a function here", nil),
        // null and constants of other languages
        ("errorCode == 1️⃣null", "has no 'null'", "write has(x) or !has(x)"),
        ("errorCode != 1️⃣None", "has no 'None'", "write has(x) or !has(x)"),
        ("readOnly == 1️⃣True", "has no 'True'", "did you mean 'true'?"),
        ("eventName in ('a'1️⃣, 'b')", "has no lists in round brackets", #"write ["a", "b"]"#),
        // Functions
        (
            "timestamp(eventTime).1️⃣getHours('Europe/Berlin')", "has no function 'getHours'",
            #"write eventTime.matches("T(0[0-7]|1[89]|2[0-3]):") for hours in UTC"#
        ),
        (
            "timestamp(eventTime).1️⃣getDayOfWeek()", "has no function 'getDayOfWeek'",
            "SQLite tells it: strftime('%w', eventTime)"
        ),
        (
            "timestamp(eventTime).1️⃣getDate()", "has no function 'getDate'",
            #"write eventTime.startsWith("2026-05-31"), or the beginning of it"#
        ),
        ("eventName.1️⃣startswith('x')", "has no function 'startswith'", "did you mean 'startsWith'?"),
        ("1️⃣exist(errorCode)", "has no function 'exist'", "did you mean 'exists'?"),
        (
            "resources.1️⃣map(r, r)", "has no function 'map'",
            "there are startsWith, endsWith, contains, matches, size, lowerAscii, timestamp, duration, now, cidr, containsIP, has, exists, all"
        ),
        (
            "1️⃣startsWith(eventName, 'x')", "calls 'startsWith' in another way than it is made",
            #"as in eventName.startsWith("Delete")"#
        ),
        (
            "eventTime > 1️⃣timestamp()", "calls 'timestamp' in another way than it is made",
            #"as in timestamp("2026-01-31T00:00:00Z")"#
        ),
        ("1️⃣exists(resources, r)", "asks a list with 'exists'", "as in resources.exists(r, has(r.ARN))"),
        (
            "resources.exists(1️⃣'x', true)", "needs a name for the element, as in resources.exists(r, has(r.ARN)) here",
            nil
        ),
        ("has(1️⃣'x')", "needs a field in has()", nil), ("has(1️⃣eventName == 'x')", "needs a field in has()", nil),
        ("1️⃣has()", "needs one field in has()", nil),
        (
            "eventName.matches(1️⃣'(')",
            "has a pattern that is no regular expression: missing closing parenthesis at offset 1",
            "offset 1 of the pattern"
        ),
        ("eventName.matches(1️⃣errorCode)", "needs a pattern between quotes for 'matches'", nil),
        (
            "cidr(1️⃣'10.0.0.0/33').containsIP(x)", "has '10.0.0.0/33', which is not a network",
            #"as in cidr("10.0.0.0/8")"#
        ),
        (
            "cidr('10.0.0.0/8').containsIP(1️⃣'x')", "has 'x', which is not an address",
            #"as in cidr("10.0.0.0/8").containsIP("10.0.0.1")"#
        ),
        (
            "eventTime > timestamp(1️⃣'2026-05-01')", "has '2026-05-01', which is not a time",
            "did you mean '2026-05-01T00:00:00Z'?"
        ),
        ("eventTime > timestamp(1️⃣'7d')", "has '7d', which is not a time", #"as in timestamp("2026-01-31T00:00:00Z")"#),
        ("eventTime > now() - duration(1️⃣'1 week')", "has '1 week', which is not a duration", #"as in duration("36h")"#),
        // Types
        ("1️⃣'x' == 5", "compares a text with a number", nil),
        ("1️⃣size(eventName) == '5'", "compares a number with a text", nil),
        ("timestamp(eventTime) > 1️⃣'2026'", "compares a time with a text", "write timestamp(…) around it"),
        ("1️⃣'a' && true", "needs a condition here, not a text", "compare it with something"),
        ("!1️⃣5", "needs a condition here, not a number", "compare it with something"),
        ("a || 1️⃣size(b)", "needs a condition here, not a number", "compare it with something"),
        ("1️⃣timestamp(eventTime)", "needs a condition here, not a time", "it is neither true nor false"),
        ("eventName in 1️⃣'abc'", "needs a list behind 'in', not a text", "for a part of a text write x.contains(\"…\")"),
        (
            "sourceIPAddress in 1️⃣cidr('10.0.0.0/8')", "needs a list behind 'in', not a network",
            "for an address write cidr(\"…\").containsIP(x)"
        ),
        ("1️⃣[1] < [2]", "has no order for a list", nil),
        ("true ? 'a' : 1️⃣5", "gives a text or a number, by what stands before '?'", nil),
        ("1️⃣n + 1 == 2", "calculates with times only, not a field + a number", nil),
        ("n 1️⃣* 2 == 4", "calculates with times only, and has no '*'", nil),
        (
            "1️⃣eventTime - creationDate > duration('1h')", "calculates with times only, not a field - a field",
            "write timestamp(…) around times"
        ),
        ("1️⃣-n == 5", "calculates with times only: '-' stands before numbers", nil),
        ("1️⃣5.startsWith('x')", "needs a text for 'startsWith', not a number", nil),
        ("1️⃣  ", "needs a condition", "as in has(errorCode)"), ("1️⃣", "needs a condition", "as in has(errorCode)"),
    ]

    @Test(arguments: cases) func `says what is wrong, and where`(marked: String, message: String, label: String?) throws
    {
        let text = MarkedText(marked)
        let node = ConfigNode(
            text: text.text,
            span: SourceSpan(line: 1, column: 1, length: text.text.count),
            places: TextPlaces(of: text.text)
        )
        let error = try #require(throws: OptionError.self) { try Condition(config: node) }
        #expect(error.message == message)
        #expect(error.label == label)
        #expect(error.span?.column == text.places.first?.column)
    }

    @Test(arguments: [
        String(repeating: "(", count: 5000), String(repeating: "!(", count: 5000) + "a",
        String(repeating: "[", count: 5000),
        "a" + String(repeating: " == a", count: 5000), "a" + String(repeating: ".b[0]", count: 5000),
        String(repeating: "a ? b : ", count: 5000) + "c", "1" + String(repeating: " - 1", count: 5000),
    ])
    func `what is too deep is refused, and crashes nothing`(text: String) {
        #expect(throws: OptionError.self) { try Condition(text) }
    }

    @Test func `long conditions are fine`() throws {
        let names = (0..<5000).map { "'e\($0)'" }
        #expect(try holds("eventName in [\(names.joined(separator: ", "))]", #"{"eventName":"e4999"}"#) == true)
        let tests = names.map { "eventName == \($0)" }
        #expect(try holds(tests.joined(separator: " || "), #"{"eventName":"e4999"}"#) == true)
        #expect(try holds("!" + String(repeating: "!", count: 5000) + "has(a)") == true)
    }
}
