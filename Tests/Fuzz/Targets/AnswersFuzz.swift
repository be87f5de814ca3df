import MHPipeKit

@testable import MHPipeBuiltins

/// What a program answers to three events: it is put into effect, or the run fails with words.
enum AnswersFuzz {
    private static let records = [#"{"eventID":"a","x":1}"#, #"{"eventID":"b"}"#, #"{"eventName":"c"}"#]

    static func run(_ bytes: [UInt8]) throws {
        let answers = try ExecAnswers()
        answers.text.room(bytes.count).copyBytes(from: bytes)
        answers.text.append(bytes.count)
        answers.text.endPartial()
        guard answers.text.ends.count >= records.count else { return }
        let batch = EventBatch(records: records)
        var sent: [UInt8] = []
        var starts = [0]
        for record in records {
            sent += record.utf8
            sent.append(0x0A)
            starts.append(sent.count)
        }
        do throws(ExecFailure) {
            try sent.withUnsafeBufferPointer { sent throws(ExecFailure) in
                try answers.apply(to: batch, sent: sent, starts: starts)
            }
        } catch {
            return try FuzzFailure.unless(!error.reason.isEmpty, "a failure without words")
        }
        try FuzzFailure.unless(batch.count <= records.count, "more events than there were")
        for event in batch {
            try FuzzFailure.unless(JSONValue(parsing: event.json) != nil, "an event that is no JSON: \(event.json)")
        }
    }
}
