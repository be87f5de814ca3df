import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// JSONTestSuite in records and in lines, each case between two good records.
@Suite(.timeLimit(.minutes(30))) struct JSONTestSuiteTests {
    private static let (before, after) = (#"{"eventVersion":"1","n":1}"#, #"{"eventVersion":"1","n":2}"#)

    /// Where a case stands.
    private enum Place: CaseIterable {
        /// As a value of an event in a trail file, or in a line.
        case valueInRecords, valueInLine
        /// As a record, or as a line.
        case record, line

        var isLine: Bool { self == .line || self == .valueInLine }
        var isValue: Bool { self == .valueInRecords || self == .valueInLine }

        func text(_ text: [UInt8]) -> [UInt8] {
            let inside = isValue ? JSONTestSuiteTests.record(text) : text
            let all = [Array(before.utf8), inside, Array(after.utf8)]
            guard !isLine else { return Array(all.joined(separator: [UInt8(ascii: "\n")])) }
            return Array("{\"Records\":[".utf8) + all.joined(separator: [UInt8(ascii: ",")]) + Array("]}".utf8)
        }
    }

    private static func record(_ text: [UInt8]) -> [UInt8] {
        Array("{\"eventVersion\":\"1\",\"x\":".utf8) + text + [UInt8(ascii: "}")]
    }

    @Test func theTableIsWhole() {
        #expect("yni".map { JSONTestSuite.cases($0).count } == [95, 188, 35])
    }

    @Test func whatMustBeReadIs() throws {
        let readers = try Readers()
        for one in JSONTestSuite.cases("y") {
            for place in Place.allCases {
                let isSplit = place.isLine && one.text.contains(UInt8(ascii: "\n"))
                let reading = try readers.read(one, place)
                if place.isValue, !isSplit {
                    let record = Self.compact(Self.record(one.text))
                    #expect(reading.records == [Self.before, record, Self.after], "\(one.name), \(place)")
                    #expect(reading.problems == [], "\(one.name), \(place)")
                } else {
                    // What is no event, and a text in more lines than one.
                    #expect(reading.records == [Self.before, Self.after], "\(one.name), \(place)")
                }
            }
        }
    }

    @Test func whatMustBeRefusedIs() throws {
        let readers = try Readers()
        for one in JSONTestSuite.cases("n") {
            for place in Place.allCases {
                let reading = try readers.read(one, place)
                let comment: Comment = "\(one.name), \(place): \(reading)"
                if let record = Self.sound[one.name], place == .valueInRecords || place.isValue && one.name != Self.open
                {
                    #expect(reading.records.prefix(2) == [Self.before, record], comment)
                    #expect(!reading.problems.isEmpty, comment)
                    continue
                }
                let isDocument = Self.pairs(place.isValue ? Self.record(one.text) : one.text)
                if place.isLine || isDocument {
                    #expect(reading.records == [Self.before, Self.after], comment)
                } else {
                    #expect([[Self.before], [Self.before, Self.after]].contains(reading.records), comment)
                }
                // White space is no line, and a line may hold two values.
                let isNothing = place == .line && (one.text.allSatisfy { $0 <= 0x20 } || one.text == Array("[][]".utf8))
                #expect(!reading.problems.isEmpty || isNothing, comment)
            }
        }
    }

    private static let open = "n_structure_open_array_open_object"
    /// What is no JSON by itself, but is with what stands around it, and the record that comes of it.
    private static let sound = [
        "n_structure_object_followed_by_closing_object": #"{"eventVersion":"1","x":{}}"#,
        open: #"{"eventVersion":"1","x":[{},\#(after)]}"#,
    ]

    /// Numbers of any size and unpaired surrogate escapes are read; what is not UTF-8 is not.
    @Test func whatMayBeEitherIsAsDecided() throws {
        let readers = try Readers()
        for one in JSONTestSuite.cases("i") {
            let isText = String(validating: one.text, as: UTF8.self) != nil
            let isRead = isText && !one.text.contains { $0 == 0 || $0 == 0xEF }
            for place in Place.allCases {
                let reading = try readers.read(one, place)
                #expect(reading.records.first == Self.before, "\(one.name), \(place)")
                if place.isLine { #expect(reading.records.last == Self.after, "\(one.name), \(place)") }
                guard place.isValue else { continue }
                let record = String(decoding: Self.record(one.text), as: UTF8.self)
                #expect(reading.records.contains(record) == isRead, "\(one.name), \(place): \(reading)")
                #expect(reading.problems.isEmpty == isRead, "\(one.name), \(place): \(reading)")
            }
        }
    }

    /// Readers of all kinds, which must all read the same.
    private struct Readers {
        private let usual: Reading.Reader
        private var others: [(name: String, reader: Reading.Reader)] = []

        init() throws {
            usual = try Reading.Reader()
            for way in [.scalar] + SimdIndexer.kernels.map(WindowIndexer.Way.kernel) {
                for window in [16, 61, 1 << 20] {
                    let reader = try Reading.Reader(window: window, indexing: way)
                    others.append(("\(way), window of \(window) bytes", reader))
                }
            }
        }

        func read(_ one: JSONTestSuite.Case, _ place: Place) throws -> Reading {
            let text = place.text(one.text)
            let reading = try usual.read(text)
            let zipped = try usual.read(TrailText.members(text)) == reading
            #expect(zipped, "\(one.name), \(place), gzip")
            for (name, reader) in others {
                let isSame = try reader.read(text, stretch: 1000) == reading
                #expect(isSame, "\(one.name), \(place), \(name)")
            }
            return reading
        }
    }

    /// A text as JSON lines write it.
    private static func compact(_ text: [UInt8]) -> String {
        var isInString = false
        var isEscaped = false
        let kept = text.filter { byte in
            defer { isEscaped = byte == UInt8(ascii: "\\") && !isEscaped }
            if byte == UInt8(ascii: "\""), !isEscaped { isInString.toggle() }
            return isInString || byte > UInt8(ascii: " ")
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// True when a text is one object or array by its brackets and quotes alone.
    private static func pairs(_ text: [UInt8]) -> Bool {
        var open: [UInt8] = []
        var isInString = false
        var isEscaped = false
        for (number, byte) in text.enumerated() {
            defer { isEscaped = byte == UInt8(ascii: "\\") && !isEscaped }
            if byte == UInt8(ascii: "\""), !isEscaped { isInString.toggle() }
            guard !isInString else { continue }
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { open.append(byte + 2) }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]"), open.popLast() != byte { return false }
            guard !open.isEmpty else { return number == text.count - 1 }
        }
        return false
    }
}
