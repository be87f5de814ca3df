import MHPipeKit
import MHPipeTestSupport
import MHPipeTesting
import Testing

@testable import MHPipeBuiltins

@Suite("transform dedupe", .timeLimit(.minutes(30))) struct DedupeTransformTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let records: [String]
        let kept: [Int]
        var options = ""

        init(_ description: String, _ records: [String], _ kept: [Int], _ options: String = "") {
            (testDescription, self.records, self.kept, self.options) = (description, records, kept, options)
        }
    }

    private static let event = #"{"eventID":"a","recipientAccountId":"1","eventName":"X"}"#

    static let cases = [
        Case("an exact copy", [event, event, event], [0]),
        Case("the first copy goes on", [event, #"{"recipientAccountId":"1","eventName":"Y","eventID":"a"}"#], [0]),
        Case("another id", [event, #"{"eventID":"b","recipientAccountId":"1"}"#], [0, 1]),
        Case("ids differ by case", [event, #"{"eventID":"A","recipientAccountId":"1"}"#], [0, 1]),
        Case("one event in two accounts", [event, #"{"eventID":"a","recipientAccountId":"2"}"#], [0, 1]),
        Case("no account", [#"{"eventID":"a"}"#, #"{"eventID":"a"}"#, event], [0, 2]),
        Case(
            "missing, null and empty accounts are one",
            accounts(["", ",\"recipientAccountId\":null", #","recipientAccountId":"""#]),
            [0]
        ),
        Case(
            "no id",
            [#"{"eventName":"X"}"#, #"{"eventName":"X"}"#, #"{"eventID":null}"#, #"{"eventID":null}"#],
            [0, 1, 2, 3]
        ),
        Case("an empty id is none", [#"{"eventID":""}"#, #"{"eventID":""}"#], [0, 1]),
        Case("an escaped id", [#"{"eventID":"a/b"}"#, #"{"eventID":"a\/b"}"#, #"{"eventID":"\u0061/b"}"#], [0]),
        Case("a number is no text", [#"{"eventID":1}"#, #"{"eventID":"1"}"#, #"{"eventID":1}"#], [0, 1]),
        Case(
            "the last of repeated keys",
            [#"{"eventID":"x","eventID":"a"}"#, #"{"eventID":"a"}"#, #"{"eventID":"x"}"#],
            [0, 2]
        ),
        Case(
            "fields do not run into each other",
            [#"{"eventID":"ab","recipientAccountId":"c"}"#, #"{"eventID":"a","recipientAccountId":"bc"}"#],
            [0, 1]
        ),
        Case(
            "a correction of a record",
            [
                event,
                #"{"eventID":"a","recipientAccountId":"1","addendum":{"reason":"UPDATED_DATA","originalEventID":"a"}}"#,
                #"{"eventID":"a","recipientAccountId":"1","addendum":{"reason":"DELIVERY_DELAY"}}"#,
                #"{"eventID":"a","recipientAccountId":"1","addendum":{ "reason": "DELIVERY_DELAY" }}"#,
                #"{"eventID":"a","recipientAccountId":"1","addendum":null}"#,
            ],
            [0, 1, 2]
        ),
        Case("the start and the end of an Insight", insights(["Start", "End", "Start", "End"]), [0, 1]),
        Case(
            "a correction, where ids alone count",
            [
                event, #"{"eventID":"a","addendum":{"reason":"UPDATED_DATA"}}"#,
                #"{"eventID":"a","recipientAccountId":"2"}"#,
            ],
            [0, 1],
            "by: [eventID]"
        ),
        Case(
            "other fields",
            [
                #"{"u":{"arn":"x"},"n":1}"#, #"{"u":{"arn":"x"},"n":1.0}"#, #"{"u":{"arn":"x"},"n":1}"#, #"{"n":1}"#,
                #"{"n":1}"#,
            ],
            [0, 1, 3, 4],
            "by: [u.arn, n]"
        ),
        Case("objects", [#"{"o":{"a":[1, 2]}}"#, #"{"o":{"a":[1,2]}}"#, #"{"o":{"a":[2,1]}}"#], [0, 2], "by: [o]"),
    ]

    private static func accounts(_ parts: [String]) -> [String] { parts.map { "{\"eventID\":\"a\"\($0)}" } }

    private static func insights(_ states: [String]) -> [String] {
        states.map {
            #"{"eventID":"a","sharedEventID":"s","recipientAccountId":"1","insightDetails":{"state":"\#($0)"}}"#
        }
    }

    @Test(arguments: cases, [false, true]) func keepsTheFirstOfEach(_ example: Case, verify: Bool) throws {
        let options = [example.options, "verify: \(verify)"].filter { !$0.isEmpty }.joined(separator: "\n")
        let lines = try PluginTrial.lines(DedupeTransform.self, options, records: example.records)
        let compact = EventBatch(records: example.records)
        let expected = compact.filter { example.kept.contains($0.number) }.map(\.enrichedJSON)
        #expect(lines == expected)
    }

    /// With as little memory as there may be, most is on disk, and nothing is missed or taken for another.
    @Test(arguments: [false, true]) func whatIsOnDiskIsKnown(verify: Bool) throws {
        let options = "memory: 64KiB\nverify: \(verify)"
        var random = SplitMix64(seed: 7)
        var seen: Set<Int> = []
        var expected = 0
        let ids = (0..<60_000).map { _ in Int.random(in: 0..<40_000, using: &random) }
        for id in ids where seen.insert(id).inserted { expected += 1 }
        let records = ids.map { "{\"eventID\":\"id-\($0)\"}" }
        let lines = try PluginTrial.lines(DedupeTransform.self, options, records: records)
        #expect(lines.count == expected && Set(lines).count == expected)
    }

    /// Two keys with one hash are told apart by their texts, and so are three.
    @Test func keysOfOneHashAreCompared() throws {
        var exact = try SeenKeys(SpillSettings(), verifies: true, hashBits: 6)
        for round in 0..<2 {
            for number in 0..<40 { #expect(try exact.insert(Array("\(number)".utf8)) == (round == 0)) }
        }
        #expect(exact.collisions > 0)
        var hashed = try SeenKeys(SpillSettings(), verifies: false, hashBits: 6)
        for number in 0..<40 { #expect(try hashed.insert(Array("\(number)".utf8))) }
    }

    /// Behind a run whose keys are in files, each of them is known, and others of the same hash are told apart.
    @Test(arguments: [6, 64] as [UInt64]) func keysOfEarlierRunsAreComparedWhereTheyStand(hashBits: UInt64) throws {
        func keys() throws -> SeenKeys {
            try SeenKeys(SpillSettings(), verifies: true, spansRuns: true, hashBits: hashBits)
        }
        func kept(_ keys: SeenKeys) throws -> (head: OutputBuffer, keys: KeptFingerprints) {
            let (state, head) = (OutputBuffer(), OutputBuffer())
            try keys.save(into: state)
            var reader = StateReader(state.bytes, of: "dedupe")
            return (head, try SeenKeys.kept(&reader, head))
        }
        var first = try keys()
        for number in 0..<30 { #expect(try first.insert(Array("\(number)".utf8))) }
        let ofFirst = try kept(first)
        let earlier = EarlierRun(ofFirst.keys)
        func second() throws -> SeenKeys {
            var second = try keys()
            var head = StateReader(ofFirst.head.bytes, of: "dedupe")
            try second.begin(behind: earlier, &head)
            second.beginRun()
            return second
        }
        var another = try second()
        for number in 0..<50 { #expect(try another.insert(Array("\(number)".utf8)) == (number >= 30)) }
        let ofSecond = try kept(another).keys
        #expect(ofSecond.fingerprints.count == 20)
        #expect(ofSecond.fingerprints.allSatisfy { $0.low >= UInt64(earlier.textBytes) })
        #expect((another.collisions > 0) == (hashBits == 6))
        // A text that is not what was written is no other key of the same hash.
        guard hashBits == 64 else { return }
        var damaged = try second()
        for place in [0, 4] {
            earlier.kept.texts[place] ^= 1
            #expect(throws: StageError.self) { _ = try damaged.insert(Array("0".utf8)) }
            earlier.kept.texts[place] ^= 1
        }
        #expect(try !damaged.insert(Array("0".utf8)))
    }

    @Test func mistakesInOptionsAreNamed() {
        for (options, message) in [
            ("by: []", "needs at least one field"), ("memory: 4KiB", "needs 64KiB or more, not 4KiB"),
            ("temp_folder: /no/such/folder", "'/no/such/folder' cannot be written: No such file or directory"),
        ] {
            let error = #expect(throws: (any Error).self) {
                try PluginTrial.lines(DedupeTransform.self, options, records: [])
            }
            #expect(error.map { "\($0)" }?.contains(message) == true, "\(String(describing: error))")
        }
    }
}

/// What a run has kept, in memory.
private final class EarlierRun: EarlierFingerprints {
    var kept: KeptFingerprints

    init(_ kept: KeptFingerprints) {
        self.kept = kept
    }

    var head: [UInt8] { kept.head }
    var textBytes: Int { kept.texts.count }
    var damageOfTexts: StageError { StageError("it is damaged") }

    func useFilters(ofAtMost most: Int) -> Int { 0 }

    func find(_ high: UInt64, low: UInt64?) -> UInt64? {
        kept.fingerprints.first { $0.high == high && (low == nil || $0.low == low) }?.low
    }

    func text(_ count: Int, at offset: Int) throws -> [UInt8] {
        guard count <= textBytes - offset else { throw damageOfTexts }
        return Array(kept.texts[offset..<offset + count])
    }
}
