import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

/// Damaged text: what comes out, and what is said.
@Suite struct DamageTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var text: [UInt8]
        var records: [String]
        var problems: [String]
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ records: [String], _ problems: [String]) {
            self.init(name, bytes: Array(text.utf8), records, problems)
        }

        init(_ name: String, bytes: [UInt8], _ records: [String], _ problems: [String]) {
            self.name = name
            text = bytes
            self.records = records
            self.problems = problems
        }
    }

    private static let ok = #"{"eventVersion":1}"#
    private static let line = #"{"eventVersion":"1"}"#

    private static func trail(_ records: String...) -> String {
        "{\"Records\":[" + records.joined(separator: ",") + "]}"
    }

    private static func withByte(_ byte: UInt8, _ text: String) -> [UInt8] {
        Array(text.utf8).map { $0 == UInt8(ascii: "@") ? byte : $0 }
    }

    private static let fetch = "fetch the file again, or see how large it is in the bucket: aws s3 ls"

    static let cases = [
        Case(
            "a record with a bad literal",
            trail(ok, #"{"a":tru}"#, ok),
            [ok, ok],
            ["f: record 1 at byte 31: a word that is no JSON value at byte 36"]
        ),
        Case(
            "a record with a bad number",
            trail(#"{"a":01}"#, ok),
            [ok],
            ["f: record 0 at byte 12: a number that JSON does not allow at byte 17"]
        ),
        Case(
            "a record with a missing colon",
            trail(ok, #"{"a" 1}"#),
            [ok],
            ["f: record 1 at byte 31: expected ':' after a key at byte 36"]
        ),
        Case(
            "a record with a comma too many",
            trail(ok, #"{"a":1,}"#, ok),
            [ok, ok],
            ["f: record 1 at byte 31: expected a key in double quotes at byte 38"]
        ),
        Case(
            "a record whose brackets do not pair",
            trail(ok, #"{"a":[1}"#, ok),
            [ok],
            ["f: record 1 at byte 31: expected ',' or ']' at byte 38; the rest of the file is left out"]
        ),
        Case(
            "a NUL behind a number",
            bytes: withByte(0, trail(ok, #"{"a":1@}"#, ok)),
            [ok, ok],
            ["f: record 1 at byte 31: a number that JSON does not allow at byte 36"]
        ),
        Case(
            "a NUL behind a word",
            bytes: withByte(0, trail(ok, #"{"a":null@,"b":1}"#, ok)),
            [ok, ok],
            ["f: record 1 at byte 31: a word that is no JSON value at byte 36"]
        ),
        Case(
            "a NUL in an array of numbers",
            bytes: withByte(0, trail(ok, #"{"a":[1,2@,3]}"#, ok)),
            [ok, ok],
            ["f: record 1 at byte 31: a number that JSON does not allow at byte 39"]
        ),
        Case(
            "a NUL between tokens",
            bytes: withByte(0, trail(ok, #"{"a":"x"@}"#, ok)),
            [ok, ok],
            ["f: record 1 at byte 31: expected ',' or '}' at byte 39"]
        ),
        Case(
            "a NUL between records",
            bytes: withByte(0, #"{"Records":[\#(ok)@,\#(ok)]}"#),
            [ok],
            ["f: byte 30: expected ',' or ']' between records; the rest of the file is left out"]
        ),
        Case(
            "a NUL behind a scalar record",
            bytes: withByte(0, trail(ok, #"1@"#, ok)),
            [ok, ok],
            ["f: record 1 at byte 31: a number that JSON does not allow at byte 31"]
        ),
        Case(
            "a record that is a text",
            trail(ok, #""text""#, ok),
            [ok, ok],
            ["f: record 1 at byte 31: a record must be a JSON object"]
        ),
        Case(
            "a container whose second array is damaged",
            #"{"x":1,"Records":[{"eventVersion":1}],"Records":x[{"eventVersion":1}]}"#,
            [ok],
            ["f: byte 38: a word that is no JSON value at byte 48; the rest of the file is left out"]
        ),
        Case(
            "a bad escape in the key of an array of records",
            #"{"Record\s":[{"eventVersion":1}]}"#,
            [ok],
            ["f: byte 1: a backslash that begins no JSON escape at byte 8"]
        ),
        Case(
            "a missing comma",
            #"{"Records":[{"eventVersion":1} {"eventVersion":1}]}"#,
            [ok, ok],
            ["f: byte 31: expected ',' or ']' between records"]
        ),
        Case(
            "a comma at the end",
            #"{"Records":[{"eventVersion":1},]}"#,
            [ok],
            ["f: byte 31: a comma before the ']' of the records"]
        ),
        Case(
            "a raw line feed in a string",
            trail(ok, "{\"a\":\"x\ny\"}", ok),
            [ok, ok],
            ["f: record 1 at byte 31: a raw control character (0x0a) in a string at byte 38"]
        ),
        Case(
            "a bad escape",
            trail(ok, #"{"a":"\x"}"#, ok),
            [ok, ok],
            ["f: record 1 at byte 31: a backslash that begins no JSON escape at byte 37"]
        ),
        Case(
            "a cut Unicode escape",
            trail(#"{"a":"\u12"}"#, ok),
            [ok],
            ["f: record 0 at byte 12: a backslash that begins no JSON escape at byte 18"]
        ),
        Case(
            "invalid UTF-8",
            bytes: withByte(0xFF, trail(ok, #"{"a":"@"}"#, ok)),
            [ok, ok],
            ["f: record 1 at byte 31: bytes that are not UTF-8 at byte 37"]
        ),
        Case(
            "a document that ends in a record",
            #"{"Records":[{"eventVersion":1},{"a""#,
            [ok],
            ["f: record 1 at byte 31: the document ends inside a record"]
        ),
        Case(
            "a document that ends in a string",
            #"{"Records":[{"eventVersion":1},{"a":"b"#,
            [ok],
            ["f: record 1 at byte 31: the document ends inside a record"]
        ),
        Case(
            "a document without its last brackets",
            #"{"Records":[{"eventVersion":1}"#,
            [ok],
            ["f: byte 30: the document ends before its last bracket"]
        ),
        Case(
            "no JSON at all",
            "hello, world",
            [],
            ["f: text without any JSON object; see what it is: head FILE"]
        ),
        Case(
            "lines without JSON",
            "hello\nworld\n",
            [],
            ["f: text without any JSON object; see what it is: head FILE"]
        ),
        Case(
            "a number alone",
            "42\n43",
            [],
            ["f: record 0 at byte 0: a record must be a JSON object; the rest of the file is left out"]
        ),
        Case("an empty file", "", [], ["f: the file is empty; \(fetch)"]),
        Case("white space only", " \n\t ", [], ["f: nothing but white space; \(fetch)"]),
        Case(
            "a bad line",
            "\(line)\n{\"eventVersion\":}\n\(line)\n",
            [line, line],
            ["f: record 1 at byte 21: expected a value at byte 37"]
        ),
        Case(
            "a line with an open quote",
            "\(line)\n{\"eventVersion\":\"1}\n\(line)\n",
            [line, line],
            ["f: record 1 at byte 21: the line ends inside a record"]
        ),
        Case(
            "a line that is cut",
            "\(line)\n{\"eventVersion\":\"1\"\n\(line)\n\(line)\n",
            [line, line, line],
            ["f: record 1 at byte 21: the line ends inside a record"]
        ),
        Case(
            "a last line that is cut",
            "\(line)\n{\"eventVersion\":\"1",
            [line],
            ["f: record 1 at byte 21: the line ends inside a record"]
        ),
        Case(
            "a line that is no object",
            "\(line)\nnull\n\(line)",
            [line, line],
            ["f: record 1 at byte 21: a record must be a JSON object"]
        ),
        Case(
            "UTF-16",
            bytes: [0xFF, 0xFE, 0x7B, 0x00],
            [],
            ["f: text in UTF-16, and UTF-8 is read; convert it first: iconv -f UTF-16 -t UTF-8 FILE > NEW"]
        ),
        Case(
            "zstd",
            bytes: [0x28, 0xB5, 0x2F, 0xFD, 0],
            [],
            ["f: zstd data is cut short: it ends at byte 5, inside a frame"]
        ),
        Case(
            "a table",
            "eventTime,eventName,awsRegion\n2026-05-01,GetObject,us-east-1\n",
            [],
            [
                "f: a table (CSV), and JSON is read; export JSON, or take CloudTrail's own files from the bucket"
            ]
        ),
        Case(
            "a zero behind the first bracket",
            "{\0\"eventVersion\":1}\n\(line)\n",
            [line],
            ["f: record 0 at byte 0: expected a key in double quotes at byte 1"]
        ),
        Case(
            "a first line of a table among JSON lines",
            "eventTime,eventName,awsRegion\n\(line)\n",
            [line],
            ["f: record 0 at byte 0: a record must be a JSON object"]
        ),
        Case(
            "zeros in a first line",
            "ab\0\0\n\(line)\n",
            [line],
            ["f: record 0 at byte 0: a record must be a JSON object"]
        ),
    ]

    @Test(arguments: cases)
    func damageIsReportedAndTheRestComesOut(_ case: Case) throws {
        let reading = try Reading(bytes: `case`.text)
        #expect(reading.records == `case`.records)
        #expect(reading.problems == `case`.problems)
    }

    @Test(arguments: cases)
    func damageIsTheSameForAnyWindow(_ case: Case) throws {
        let expected = try Reading(bytes: `case`.text)
        for window in [16, 21, 33] {
            #expect(try Reading(bytes: `case`.text, window: window) == expected, "window of \(window) bytes")
        }
    }

    @Test func aRecordOverTheLimitIsLeftOutAndTheRestRead() throws {
        var settings = RunSettings()
        settings.maxRecordBytes = 100
        let big = #"{"a":""# + String(repeating: "x", count: 1000) + #"","b":[{"c":"]}"}]}"#
        for window in [64, 1 << 20] {
            let reading = try Reading(Self.trail(Self.ok, big, Self.ok), window: window, settings: settings)
            #expect(reading.records == [Self.ok, Self.ok], "window of \(window) bytes")
            #expect(reading.problems == ["f: record 1 at byte 31: a record of more than 100 bytes (max_record_bytes)"])
            #expect(reading.numbers == [0, 2])
        }
    }

    @Test(arguments: [(1000, 1), (1001, 0)])
    func nestingIsBounded(levels: Int, records: Int) throws {
        // The record is the first level.
        let nested = String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1)
        let reading = try Reading(Self.trail(Self.ok, "{\"eventVersion\":\(nested)}", Self.ok))
        #expect(reading.records.count == 2 + records)
        #expect(reading.problems.count == 1 - records)
    }

    @Test func textOverTheLimitOfAFileIsLeftOut() throws {
        var settings = RunSettings()
        settings.maxFileBytes = 36
        let reading = try Reading(Self.trail(Self.ok, Self.ok, Self.ok), settings: settings)
        #expect(reading.records == [Self.ok])
        #expect(
            reading.problems == [
                "f: record 1 at byte 31: more than 36 bytes of text (max_file_bytes); the rest is left out"
            ]
        )
    }

    /// A buffer that an earlier file made larger once took in more of a file before its text was too much.
    @Test func howMuchIsReadOfWhatIsTooLargeDoesNotDependOnWhatWasReadBefore() throws {
        var settings = RunSettings()
        settings.maxFileBytes = 2 << 20
        var random = SplitMix64(seed: 7)
        let noise = { (bytes: Int) in
            String(decoding: (0..<bytes).map { _ in UInt8(97 + random.below(26)) }, as: UTF8.self)
        }
        let file = { (megabytes: Int) -> [UInt8] in
            let records = (0..<megabytes).map { _ in "{\"a\":\"\(noise(1 << 20))\"}" }
            return Array(Self.trail(records.joined(separator: ",")).utf8)
        }
        let used = try Reading.Reader(settings: settings)
        let texts = [file(3), file(1), file(3), file(6), file(2)]
        for bytes in texts.flatMap({ [TrailText.gzip(bytes: $0), $0] }) {
            let fresh = try Reading.Reader(settings: settings)
            let expected = try fresh.read(bytes)
            #expect(try used.read(bytes) == expected)
            #expect(used.bytesRead == fresh.bytesRead)
        }
    }

    /// Telling lines from documents once took time in proportion to the square of the blank lines.
    @Test(.timeLimit(.minutes(30))) func blankLinesWithoutEndAreReadOnce() throws {
        let reading = try Reading(String(repeating: " \n", count: 2 << 20) + Self.line)
        #expect(reading.records == [Self.line])
    }

    @Test func whatIsLostIsHandedOn() throws {
        let reading = try Reading(Self.trail(Self.ok, #"{"a":tru}"#))
        #expect(reading.lost == [#"{"a":tru}"#])
    }
}
