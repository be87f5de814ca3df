import MHPipeConditions
import MHPipeKit

/// A condition: it is refused with words, or it and its negation split events exactly.
enum ConditionFuzz {
    private static let records = [
        "{}",
        #"{"eventName":"a","readOnly":true,"userIdentity":{"type":"Root","arn":null},"resources":[{"ARN":"x"},1]}"#,
        #"{"eventTime":"2026-01-02T03:04:05Z","sourceIPAddress":"10.1.2.3","x":1e400,"y":-0,"userIdentity":"text"}"#,
    ]

    static func run(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let condition: Condition
        do throws(OptionError) {
            condition = try Condition(text)
        } catch {
            return try FuzzFailure.unless(!error.message.isEmpty, "a mistake without words")
        }
        guard let negation = try? Condition("!(\(text)\n)") else { return }
        let start = Timestamp(seconds: 1_700_000_000)
        let tests = [condition, negation].map { ConditionTest($0, start: start) }
        var answers: [[Bool?]] = [[], []]
        for (number, condition) in [condition, negation].enumerated() {
            EventBatch(records: records).forEach(FieldSet(condition.fields)) {
                answers[number].append(tests[number].holds($0))
            }
        }
        for (one, other) in zip(answers[0], answers[1]) {
            try FuzzFailure.unless(one == nil ? other == nil : one != other, "both or neither hold: \(text)")
        }
    }
}
