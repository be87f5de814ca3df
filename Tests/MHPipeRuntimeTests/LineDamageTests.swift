import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// A damaged line costs itself, whatever it holds and wherever it stands.
@Suite struct LineDamageTests {
    private static let good = (0..<3).map { "{\"eventVersion\":\"1\",\"n\":\($0)}" }

    /// Lines that are no record.
    static let lines = [
        "]", "}", "]}", "}]", "],", "},", "}}}", "]]]", ",", ":", "[", "{", "[[", "[{", "{\"", "\"", "\"x", "\"x\"",
        "\\", "\\\"",
        "{\"Records\":[", "{\"Records\":[{", "{\"Records\":", "{\"Records\"", "{\"Records\":[]]", "{\"Records\":[}",
        "{\"eventVersion\":\"1\"", "{\"eventVersion\":\"1", "{\"eventVersion\":", "{\"eventVersion\"",
        "{\"eventVersion",
        "{\"eventVersion\":\"1\"]", "{\"eventVersion\":tru}",
        "{\"eventVersion\":1,}", "{\"eventVersion\" 1}", "{\"eventVersion\":\"\\x\"}", "{\"eventVersion\":\"\t\"}",
        "{\"eventVersion\":1\u{0}}",
        ":1}", ":[", ":\"x\"}", ",\"a\":1}", "nul", "null", "1", "-", "text", "{}", "{\"a\":1}", "[1]", "[\"x\"]",
        "[{}]",
        "{\"eventVersion\":[{]}}", "[{\"eventVersion\":\"1\"", "{\"CloudTrailEvent\":\"", "{\"CloudTrailEvent\":\"{\"}",
    ]

    @Test(arguments: lines)
    func aBadLineCostsItself(_ line: String) throws {
        for place in 0...3 {
            var all = Self.good
            all.insert(line, at: place)
            for text in [
                all.joined(separator: "\n"), all.joined(separator: "\r\n") + "\r\n", all.joined(separator: "\n\n"),
            ] {
                let expected = try Reading(text)
                #expect(expected.records == Self.good, "line \(place)")
                #expect(!expected.problems.isEmpty, "line \(place)")
                for window in [16, 33, 100] {
                    #expect(try Reading(text, window: window) == expected, "line \(place), window of \(window) bytes")
                }
            }
        }
    }

    /// Two bad lines, one behind the other: the end of the first and the start of the second belong to different lines.
    @Test(arguments: lines)
    func twoBadLinesCostThemselves(_ first: String) throws {
        let reader = try Reading.Reader()
        for second in Self.lines {
            let text = [Self.good[0], first, second, Self.good[1], Self.good[2]].joined(separator: "\n")
            let reading = try reader.read(Array(text.utf8))
            #expect(reading.records == Self.good, "before '\(second)'")
            #expect(reading.problems.count >= 2, "before '\(second)'")
        }
    }

    /// The same above the first good line: what begins with no bracket begins no document.
    @Test(arguments: lines.filter { !$0.hasPrefix("{") && !$0.hasPrefix("[") })
    func badLinesAtTheStartCostThemselves(_ first: String) throws {
        let reader = try Reading.Reader()
        for second in Self.lines {
            let text = [first, second, first, Self.good[0], second, Self.good[1]].joined(separator: "\n")
            let reading = try reader.read(Array(text.utf8))
            #expect(reading.records == Array(Self.good[..<2]), "before '\(second)'")
            #expect(reading.problems.count >= 3, "before '\(second)'")
            let alone = try reader.read(Array([first, first, Self.good[0]].joined(separator: "\r\n").utf8))
            #expect(alone.records == [Self.good[0]])
        }
    }

    /// A whole record and something behind it in its line: the record is there, the rest is reported.
    @Test(arguments: lines)
    func whatFollowsARecordInItsLineIsReported(_ rest: String) throws {
        let reading = try Reading([Self.good[0], Self.good[1] + rest, Self.good[2]].joined(separator: "\n"))
        #expect(reading.records.first == Self.good[0] && reading.records.last == Self.good[2])
        #expect(!reading.problems.isEmpty)
    }

    @Test func aLineOverTheLimitCostsItself() throws {
        var settings = RunSettings()
        settings.maxRecordBytes = 100
        let long = "{\"eventVersion\":\"\(String(repeating: "x", count: 100))\"}"
        let text = [Self.good[0], long, Self.good[1], Self.good[2]].joined(separator: "\n")
        for window in [16, 64, 1 << 20] {
            let reading = try Reading(text, window: window, settings: settings)
            #expect(reading.records == Self.good, "window of \(window) bytes")
            #expect(reading.problems == ["f: record 1 at byte 27: a record of more than 100 bytes (max_record_bytes)"])
        }
    }
}
