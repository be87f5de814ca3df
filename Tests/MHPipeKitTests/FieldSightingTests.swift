import MHPipeKit
import MHPipeTestSupport
import Testing

@Suite struct FieldSightingTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let path: String
        let records: [String]
        let absence: String

        init(_ path: String, _ records: [String], _ absence: String) {
            self.path = path
            self.records = records
            self.absence = absence
        }

        var testDescription: String { "\(path) in \(records)" }
    }

    private static let cases = [
        Case("a", ["{}", #"{"b":1}"#], "no event has the field 'a'"),
        Case("a", [#"{"a":null}"#, #"{"a":""}"#], "'a' is null or empty in every event"),
        Case("a", [#"{"a":null}"#, "{}"], "no event has the field 'a'"),
        Case(
            "a.bucket",
            [#"{"a":{"buckets":1}}"#, "{}"],
            "no event has the field 'a.bucket'; did you mean 'a.buckets'?"
        ),
        Case("a.x", [#"{"a":{"b":1}}"#, #"{"a":{"c":1,"b":2}}"#], "no event has the field 'a.x'; 'a' has b, c"),
        Case(
            "a.b.x",
            [#"{"a":{"z":1}}"#, #"{"a":{"b":{"q":1}}}"#, #"{"a":{"y":1}}"#],
            "no event has the field 'a.b.x'; 'a.b' has q"
        ),
        Case("a.b.x", [#"{"a":{"bb":{"x":1}}}"#], "no event has the field 'a.b.x'; 'a' has bb"),
        Case(
            "a.bucket.x",
            [#"{"a":{"bukcet":{"x":1}}}"#],
            "no event has the field 'a.bucket.x'; did you mean 'a.bukcet.x'?"
        ),
        Case("a.0", [#"{"a":[]}"#], "no event has the field 'a.0'"),
        Case(
            "a.k",
            [#"{"a":{"k1":1,"k2":1,"k3":1,"k4":1,"k5":1,"k6":1,"k7":1,"k8":1,"k9":1}}"#],
            "no event has the field 'a.k'; 'a' has k1, k2, k3, k4, k5, k6, k7, k8 and others"
        ),
    ]

    @Test(arguments: cases)
    func `what is there instead is said`(_ example: Case) throws {
        let path = try FieldPath(parsing: example.path)
        var whole = FieldSighting(path)
        whole.look(at: EventBatch(records: example.records))
        #expect(whole.absence(of: example.path) == example.absence)
        #expect(!whole.isThere || example.records.contains { $0.contains("\"\"") })

        // The same from several workers, one of which has seen nothing.
        var together = FieldSighting(path)
        for record in example.records {
            var other = FieldSighting(path)
            other.look(at: EventBatch(records: [record]))
            together += other
        }
        #expect(together.absence(of: example.path) == example.absence)
    }

    @Test func `some different values are kept`() {
        var sighting = FieldSighting(FieldPath("a"))
        let values = [#""x""#, #""x""#, "7", "true", #"{"b":[1]}"#, #""\#(String(repeating: "y", count: 100))""#]
        sighting.look(at: EventBatch(records: values.map { #"{"a":\#($0)}"# }))
        #expect(sighting.isThere)
        #expect(sighting.texts.prefix(4) == ["x", "7", "true", #"{"b":[1]}"#])
        #expect(sighting.someTexts == "'7', 'true', 'x' and others")
        #expect(sighting.nearest(to: ["nothing", "True"]) == "true")
        #expect(FieldSighting(FieldPath("a")).someTexts == nil)
    }

    @Test func `it ends by itself`() {
        var sighting = FieldSighting(FieldPath("a"))
        let batch = EventBatch(records: Array(repeating: "{}", count: 300))
        sighting.look(at: batch)
        #expect(sighting.isLooking)
        sighting.look(at: batch)
        #expect(!sighting.isLooking)
    }

    /// Which worker gets which unit is chance; what is said of the input is not.
    @Test(arguments: [1, 2, 3, 7]) func `the first events of the input are told of, whoever has seen them`(
        workers: Int
    ) throws {
        var random = SplitMix64(seed: UInt64(workers))
        let path = try FieldPath(parsing: "a.b")
        var said: Set<[String]> = []
        for round in 0..<50 {
            var sightings = Array(repeating: FieldSighting(path, looks: 20, texts: 6), count: workers)
            for unit in 0..<30 {
                let records = (0..<3).map { record in
                    let number = unit * 3 + record
                    return number % 4 == 0 ? #"{"a":{"k\#(number)":1}}"# : #"{"a":{"b":"v\#(number % 50)"}}"#
                }
                let batch = EventBatch(records: records)
                batch.unit = unit
                // The first round is that of one worker; what a worker gets, it gets in order.
                sightings[round == 0 ? 0 : random.below(workers)].look(at: batch)
            }
            var all = sightings.shuffled(using: &random)
            var sum = all.removeFirst()
            for other in all { sum += other }
            said.insert(sum.texts + [sum.absence(of: "a.b"), "\(sum.isLooking)"])
        }
        #expect(
            said == [
                [
                    "v1", "v2", "v3", "v5", "v6", "v7",
                    "no event has the field 'a.b'; 'a' has k0, k12, k16, k4, k8 and others", "false",
                ]
            ]
        )
    }
}
