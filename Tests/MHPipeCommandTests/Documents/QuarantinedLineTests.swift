import Testing

@testable import MHPipeCommand

/// Which lines of a quarantine are taken, and what text they give.
@Suite struct QuarantinedLineTests {
    static let texts: [(line: String, text: String?)] = [
        (#"{"scope":"record","file":"a","raw":"{\"a\":1}"}"#, #"{"a":1}"#),
        (#"{"scope":"record","file":"a","raw":null,"rawBase64":"eyJhIjoxfQ=="}"#, #"{"a":1}"#),
        (#"{"scope":"record","file":"a","source":null,"record":null,"reason":null,"rawBytes":null}"#, nil),
        // Half a pair of surrogates in the record's own text, where its escape stands as it is.
        (#"{"scope":"record","file":"a","raw":"\"\\ud800\""}"#, #""\ud800""#),
        (#"{"scope":"record","file":"a","raw":"\ud83d\ude42"}"#, "🙂"),
    ]

    @Test(arguments: texts)
    func givesTheText(line: String, text: String?) throws {
        let read = try QuarantinedText.read(Array(line.utf8), 1, "q.jsonl")
        #expect(read.text.map { String(decoding: $0, as: UTF8.self) } == text)
    }

    static let others = [
        "", "1", "[]", "{", #"{"scope":"record"}"#, #"{"file":"a"}"#, #"{"scope":1,"file":"a"}"#,
        #"{"scope":"record","file":"a","raw":1}"#, #"{"scope":"record","file":"a","record":"1"}"#,
        #"{"scope":"record","file":"a","rawBytes":1.5}"#, #"{"scope":"record","file":"a","source":[]}"#,
        #"{"scope":"record","file":"a"} {}"#,
        // Half a pair here is a text that nobody has had.
        #"{"scope":"record","file":"a","raw":"\ud800"}"#, #"{"scope":"record","file":"a","raw":"\\\\\uDFFF."}"#,
    ]

    @Test(arguments: others)
    func refusesWhatIsNoLineOfOne(line: String) {
        #expect(throws: (any Error).self) { try QuarantinedText.read(Array(line.utf8), 1, "q.jsonl") }
    }
}
