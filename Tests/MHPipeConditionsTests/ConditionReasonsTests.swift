import MHPipeKit
import Testing

@testable import MHPipeConditions

/// Which parts of a condition decide about an event.
@Suite struct ConditionReasonsTests {
    private static let event = """
        {"eventName": "PutKey", "userIdentity": {"type": "Root", "invokedBy": null}, "count": 3,
         "resources": [{"ARN": "a"}, {"ARN": "b"}]}
        """

    @Test(arguments: [
        // What is asked, and the parts that decide, each with its answer and what it read.
        ("eventName == \"PutKey\"", ["+eventName == \"PutKey\" {eventName=\"PutKey\"}"]),
        (
            "eventName == \"PutKey\" && has(errorCode) && count > 5",
            ["-has(errorCode) {errorCode=missing}", "-count > 5 {count=3}"]
        ),
        (
            "eventName == \"PutKey\" && count == 3",
            ["+eventName == \"PutKey\" {eventName=\"PutKey\"}", "+count == 3 {count=3}"]
        ),
        (
            "eventName == \"No\" || userIdentity.type == \"Root\"",
            ["+userIdentity.type == \"Root\" {userIdentity.type=\"Root\"}"]
        ),
        (
            "eventName == \"No\" || count == 4",
            ["-eventName == \"No\" {eventName=\"PutKey\"}", "-count == 4 {count=3}"]
        ),
        ("!has(userIdentity.invokedBy)", ["+!has(userIdentity.invokedBy) {userIdentity.invokedBy=null}"]),
        // A part of a part that does not hold because of one of its own parts is told by that one.
        (
            "!(eventName == \"No\" || userIdentity.type == \"Root\") && count == 3",
            ["+userIdentity.type == \"Root\" {userIdentity.type=\"Root\"}"]
        ),
        (
            "has(errorCode) ? count == 3 : eventName.startsWith(\"Get\")",
            ["-has(errorCode) {errorCode=missing}", "-eventName.startsWith(\"Get\") {eventName=\"PutKey\"}"]
        ),
        (
            "resources.exists(r, r.ARN == \"b\") && (count in [1, 2])",
            ["-(count in [1, 2]) {count=3}"]
        ),
        (
            "resources.all(r, r.ARN == \"b\")",
            ["-resources.all(r, r.ARN == \"b\") {resources=[{\"ARN\":\"a\"},{\"ARN\":\"b\"}]}"]
        ),
    ]) func `the parts that decide are named`(text: String, expected: [String]) throws {
        let condition = try Condition(text)
        let batch = EventBatch(records: ["{}", Self.event])
        let event = try #require(batch.first { $0.row == 1 })
        let reasons = condition.reasons(event, start: Timestamp(seconds: 0)).map { reason in
            let readings = reason.readings.map { "\($0.field)=\($0.json ?? "missing")" }.joined(separator: ", ")
            return (reason.holds == true ? "+" : "-") + reason.text + " {\(readings)}"
        }
        #expect(reasons == expected)
        #expect(batch.count == 2)
    }
}
