import Foundation
import MHPipeKit
import Testing

@testable import MHPipeRuntime

/// Envelopes whose bodies hold records.
@Suite(.timeLimit(.minutes(30))) struct EnvelopeTests {
    private static let one = #"{"eventVersion":"1.08","eventName":"A","n":1}"#
    private static let two = #"{"eventVersion":"1.08","eventName":"B","n":"\"é\\u00e9\n"}"#

    /// What a body may hold, and the records in it.
    private static let bodies = [
        ("a record", one, [one]),
        ("a trail file", "{\"Records\":[\(one),\(two)]}", [one, two]),
        ("an array", "[\(one),\(two)]", [one, two]),
        ("JSON lines", "\(one)\n\(two)\n\(one)", [one, two, one]),
        ("documents one behind the other", "\(one)\(two)", [one, two]),
        ("pretty-printed", "{\n  \"eventVersion\": 1\n}\n", [#"{"eventVersion":1}"#]),
        ("white space round it", " \n\t\(one)\r\n", [one]),
        ("a byte order mark", "\u{FEFF}\(one)", [one]),
        ("an exported line", "2026-01-01T00:00:00.000Z \(one)", [one]),
    ]

    @Test(arguments: Wrapping.allCases)
    func bodiesAreReadLikeFiles(_ wrapping: Wrapping) throws {
        let reader = try Reading.Reader()
        for (name, body, records) in Self.bodies where !wrapping.takesAnObject || body.first == "{" {
            guard !wrapping.takesAnObject || records.count == 1 || name == "a trail file" else { continue }
            let reading = try reader.read(Array(wrapping.document(body).utf8))
            #expect(reading.records == records, "\(name)")
            #expect(reading.problems == [], "\(name)")
            #expect(reading.numbers == Array(records.indices), "\(name)")
        }
    }

    @Test(arguments: Wrapping.allCases)
    func theyStandAnywhere(_ wrapping: Wrapping) throws {
        let element = wrapping.element(Self.two)
        let document = wrapping.document(Self.two)
        let texts = [
            "{\"Records\":[\(Self.one),\(element),\(Self.one)]}", "[\(Self.one),\(element),\(Self.one)]",
            "{\"Records\":[\(Self.one),\(document),\(Self.one)]}", "\(Self.one)\n\(document)\n\(Self.one)\n",
            "\(Self.one)\n\(element)\n\(Self.one)", "\(Self.one)\(document)\(Self.one)",
            pretty("[\(Self.one),\(document),\(Self.one)]"),
        ]
        for text in texts {
            let reading = try Reading(text)
            #expect(reading.records == [Self.one, Self.two, Self.one], "\(text)")
            #expect(reading.problems == [], "\(text)")
            #expect(reading.numbers == [0, 1, 2], "\(text)")
            #expect(try Reading(bytes: TrailText.gzip(text)) == reading, "\(text)")
        }
    }

    @Test(arguments: Wrapping.allCases, Wrapping.allCases)
    func theyAreOpenedThreeDeep(_ outer: Wrapping, _ middle: Wrapping) throws {
        let reader = try Reading.Reader()
        for inner in Wrapping.allCases {
            let body = inner.document("{\"Records\":[\(Self.one),\(Self.two)]}")
            let two = try reader.read(Array(middle.document(body).utf8))
            #expect(two.records == [Self.one, Self.two] && two.problems == [], "\(inner): \(two.problems)")
            let three = try reader.read(Array(outer.document(middle.document(body)).utf8))
            #expect(three.records == [Self.one, Self.two] && three.problems == [], "\(inner): \(three.problems)")
        }
    }

    @Test(arguments: Wrapping.allCases)
    func notFourDeep(_ outermost: Wrapping) throws {
        let inner: [Wrapping] = [.queueMessage, .notification, .busEvent]
        let body = inner.reversed().reduce(Self.one) { $1.document($0) }
        let reading = try Reading("[\(Self.two),\(outermost.document(body)),\(Self.two)]")
        #expect(reading.records == [Self.two, Self.two])
        #expect(reading.numbers == [0, 2])
        let reason = "more than 3 envelopes, one in the other"
        let path = ([outermost] + inner.dropLast()).map { "in \($0.body): " }.joined()
        #expect(
            reading.problems.count == 1 && reading.problems[0].hasSuffix(": \(path)\(reason)"),
            "\(reading.problems)"
        )
    }

    @Test(arguments: Wrapping.allCases)
    func theResultDoesNotDependOnSizes(_ wrapping: Wrapping) throws {
        let bodies = [
            Self.one, "{\"Records\":[\(Self.one),{\"a\":1},\(Self.two)]}", Wrapping.notification.document(Self.two),
            "{}",
            #"{"eventVersion":"1"#, #"{"eventVersion":"1","x":"y}"#, "",
        ]
        let texts = bodies.filter { !wrapping.takesAnObject || $0.hasSuffix("}") && !$0.hasSuffix("y}") }
        let elements = [Self.two] + texts.map(wrapping.document) + [Self.one]
        for separator in [",", "\n"] {
            let joined = elements.joined(separator: separator)
            let text = Array((separator == "," ? "[\(joined)]" : joined).utf8)
            let whole = try Reading(bytes: text)
            #expect(whole.records.count >= 5)
            for window in [16, 31, 257] {
                let reader = try Reading.Reader(window: window)
                #expect(try reader.read(text) == whole, "window of \(window) bytes")
                #expect(try reader.read(text, stretch: 1) == whole, "window of \(window) bytes, one at a time")
            }
            #expect(try Reading(bytes: TrailText.gzip(String(decoding: text, as: UTF8.self))) == whole)
        }
    }

    @Test func manyMessagesAreCountedInOrder() throws {
        let elements = (0..<500).map { number in
            switch number % 5 {
            case 0: TrailText.record(0, number)
            case 1: Wrapping.queueMessage.element(TrailText.record(0, number))
            case 2: Wrapping.logEvent.element(TrailText.record(0, number))
            case 3: Wrapping.lookupEvent.element("nothing")
            default: Wrapping.zippedStreamRecord.element(TrailText.record(0, number))
            }
        }
        let text = "{\"Records\":[\(elements.joined(separator: ","))]}"
        let whole = try Reading(text)
        #expect(whole.records == (0..<500).filter { $0 % 5 != 3 }.map { TrailText.record(0, $0) })
        #expect(whole.numbers == (0..<500).filter { $0 % 5 != 3 })
        #expect(whole.problems.count == 100)
        for window in [100, 1000, 10_000] { #expect(try Reading(text, window: window) == whole) }
    }

    @Test(arguments: [
        (#"{"eventSource":"\u0061ws:sqs","body":"@"}"#, "an escape in the source"),
        (#"{"eventSource":"aws:sqs","eventVersion":"1","eventName":"x","body":"@"}"#, "the keys of a record"),
        (#"{"eventSource":"aws:kinesis","partitionKey":"1","data":"%"}"#, "Kinesis by a pipe of EventBridge"),
        (#"{"requestId":"r","timestamp":1,"records":[{"data":"%"}]}"#, "Firehose to an HTTP endpoint"),
        (#"{"eventSource":"aws:kinesis","kinesis":{"data":"\n%"}}"#, "a line end in Base64"),
        (#"[{"timestamp":1,"message":"@"}]"#, "log events by themselves"),
        (#"{"logEvents":[{"message":"@"}]}"#, "log events without a time"),
        (#"{"MessageId":"m","Body":"@"}"#, "a message by itself"),
    ])
    func otherSpellingsAreRead(text: String, name: String) throws {
        let quoted = Self.one.replacing("\"", with: "\\\"")
        let text = text.replacing("@", with: quoted).replacing("%", with: Data(Self.one.utf8).base64EncodedString())
        let reading = try Reading(text)
        #expect(reading.records == [Self.one], "\(name): \(reading.problems)")
    }

    /// A text with a line for each token.
    private func pretty(_ text: String) -> String {
        var isInString = false
        var isEscaped = false
        return text.reduce(into: "") { pretty, character in
            isInString = character == "\"" && !isEscaped ? !isInString : isInString
            isEscaped = character == "\\" && !isEscaped
            pretty.append(character)
            if !isInString, "{}[],:".contains(character) { pretty += "\n  " }
        }
    }
}
