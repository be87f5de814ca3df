import MHPipeKit

/// Drops the events of a source that are not selected, before anything else is done with them; one worker's own.
///
/// An event that lacks a field stays, for nobody can tell whether it is asked for.
final class EventSelector {
    let selection: EventSelection
    /// What the dropped events are.
    private(set) var sighting = SelectionSighting()
    private var withoutField = 0
    private static let accountId = Array("accountId".utf8)

    init(_ selection: EventSelection) {
        self.selection = selection
    }

    /// Drops what is not asked for.
    ///
    /// - Returns: How many of the events that stay lack a field which would have told.
    func apply(to batch: EventBatch) -> Int {
        withoutField = 0
        let (rows, cursor) = (batch.rows, JSONCursor(batch.window))
        batch.keepRows { row in isSelected(row, rows, cursor) }
        return withoutField
    }

    private func isSelected(_ row: Int, _ rows: RowTable, _ cursor: JSONCursor) -> Bool {
        var isSure = true
        if let regions = selection.regions {
            if let region = text(rows.position(of: .awsRegion, row: row), cursor) {
                guard regions.contains(region) else {
                    sighting.note(region: region)
                    return false
                }
            } else {
                isSure = false
            }
        }
        if selection.hasTime {
            if let time = time(rows.position(of: .eventTime, row: row), cursor) {
                guard selection.contains(time) else {
                    sighting.note(times: time...time)
                    return false
                }
            } else {
                isSure = false
            }
        }
        if let accounts = selection.accounts {
            if let account = account(row, rows, cursor) {
                guard accounts.contains(account) else {
                    sighting.note(account: account)
                    return false
                }
            } else {
                isSure = false
            }
        }
        if !isSure { withoutField += 1 }
        return true
    }

    /// The account that received the event or, where that is not said, the one that caused it.
    private func account(_ row: Int, _ rows: RowTable, _ cursor: JSONCursor) -> String? {
        if let recipient = text(rows.position(of: .recipientAccountId, row: row), cursor) { return recipient }
        let identity = rows.position(of: .userIdentity, row: row)
        guard identity > 0 else { return nil }
        return unsafe text(Self.accountId.withUnsafeBufferPointer { unsafe cursor.find($0, in: identity) }, cursor)
    }

    private func text(_ position: Int, _ cursor: JSONCursor) -> String? {
        position > 0 ? cursor.slice(position).nonEmptyString : nil
    }

    private func time(_ position: Int, _ cursor: JSONCursor) -> Timestamp? {
        guard position > 0 else { return nil }
        let slice = cursor.slice(position)
        guard slice.kind == .string else { return nil }
        return slice.isEscaped
            ? slice.string.flatMap { Timestamp(rfc3339: $0) } : unsafe Timestamp(rfc3339: slice.bytes.span)
    }
}
