import MHPipeKit

/// How a call ended.
enum CallOutcome: CaseIterable {
    case success, failure
    /// It would have been allowed; nothing was done.
    case dryRun

    var text: StaticString {
        switch self {
        case .success: "success"
        case .failure: "failure"
        case .dryRun: "dry_run"
        }
    }

    /// Judges a record; nil for Insight and aggregated events, which are no calls.
    ///
    /// Sign-ins that fail need no `errorCode`: they say so in `errorMessage`, or under the action's name in
    /// `responseElements` or `serviceEventDetails` (CloudTrail User Guide, "AWS Management Console sign-in events").
    init?(
        _ row: Int,
        _ rows: RowTable,
        _ reader: TextReader,
        action: JSONSlice,
        code: JSONSlice,
        message: JSONSlice
    ) {
        let type = reader.text(.eventType, rows, row)
        let category = reader.text(.eventCategory, rows, row)
        if type.equals("AwsCloudTrailInsight") || type.equals("AwsAggregatedEvent") { return nil }
        if category.equals("Insight") || category.equals("Aggregated") { return nil }

        if code.equals("DryRunOperation") || code.hasSuffix(".DryRunOperation") {
            self = .dryRun
        } else if code.isPresent || message.isPresent {
            self = .failure
        } else {
            let places = [KnownField.responseElements, .serviceEventDetails].map { rows.position(of: $0, row: row) }
            let hasFailed = places.contains { Self.isFailure(of: action, at: $0, reader) }
            self = hasFailed ? .failure : .success
        }
    }

    /// True when the object at a position has `Failure` under the action's name.
    private static func isFailure(of action: JSONSlice, at position: Int, _ reader: TextReader) -> Bool {
        guard position > 0, action.isPresent else { return false }
        var answer = JSONSlice.missing
        _ = unsafe reader.cursor.members(of: position) { key, value in
            let key = unsafe reader.column.normalized(JSONSlice(kind: .string, bytes: key))
            if key.equals(action) { answer = reader.text(value) }
            return reader.cursor.skip(value)
        }
        return answer.equals("Failure")
    }
}
