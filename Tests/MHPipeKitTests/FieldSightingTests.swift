import MHPipeKit
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
}
