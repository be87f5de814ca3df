import MHPipeKit

/// Drops the events of a source that are not selected, before anything else is done with them; one worker's own.
///
/// An event that lacks a field stays, for nobody can tell whether it is asked for.
final class EventSelector {
    let selection: EventSelection
    /// What the dropped events are.
    private(set) var sighting = SelectionSighting()
    @exclusivity(unchecked) private var withoutField = 0
    /// What was accepted last, which most of the events in a file have.
    @exclusivity(unchecked) private var lastRegion: [UInt8] = []
    @exclusivity(unchecked) private var lastAccount: [UInt8] = []
    private static let accountId = Array("accountId".utf8)

    init(_ selection: EventSelection) {
        self.selection = selection
    }

    /// Drops what is not asked for.
    ///
    /// - Returns: How many of the events that stay lack a field which would have told.
    func apply(to batch: EventBatch) -> Int {
        unsafe withoutField = 0
        let (rows, cursor) = (batch.rows, JSONCursor(batch.window))
        batch.keepRows { row in isSelected(row, rows, cursor) }
        return unsafe withoutField
    }

    private func isSelected(_ row: Int, _ rows: RowTable, _ cursor: JSONCursor) -> Bool {
        var isSure = true
        if let regions = selection.regions {
            let slice = slice(rows.position(of: .awsRegion, row: row), cursor)
            switch unsafe isIn(regions, slice, &lastRegion) {
            case true?: break
            case false?:
                sighting.note(region: slice.string ?? "")
                return false
            case nil: isSure = false
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
            let slice = account(row, rows, cursor)
            switch unsafe isIn(accounts, slice, &lastAccount) {
            case true?: break
            case false?:
                sighting.note(account: slice.string ?? "")
                return false
            case nil: isSure = false
            }
        }
        if !isSure { unsafe withoutField += 1 }
        return true
    }

    /// Whether an event is selected, by the texts of its fields; nil when they do not tell.
    ///
    /// - Parameter text: Gives the text of a field, if that is a string without escapes that is not empty.
    /// - Returns: False for one that is dropped.
    func isSelected(_ text: (KnownField) -> UnsafeBufferPointer<UInt8>?) -> Bool? {
        if let regions = selection.regions {
            guard let region = unsafe text(.awsRegion) else { return nil }
            guard let isIn = unsafe isIn(regions, JSONSlice(kind: .string, bytes: region), &lastRegion), isIn else {
                sighting.note(region: unsafe String(decoding: region, as: UTF8.self))
                return false
            }
        }
        if selection.hasTime {
            guard let time = unsafe text(.eventTime).flatMap({ unsafe Timestamp(rfc3339: $0.span) }) else { return nil }
            guard selection.contains(time) else {
                sighting.note(times: time...time)
                return false
            }
        }
        if let accounts = selection.accounts {
            guard let account = unsafe text(.recipientAccountId) else { return nil }
            guard let isIn = unsafe isIn(accounts, JSONSlice(kind: .string, bytes: account), &lastAccount), isIn else {
                sighting.note(account: unsafe String(decoding: account, as: UTF8.self))
                return false
            }
        }
        return true
    }

    /// Whether a text is one of those that are asked for; nil when it is none, or empty.
    private func isIn(_ texts: Set<String>, _ slice: JSONSlice, _ last: inout [UInt8]) -> Bool? {
        if slice.isText(last) { return true }
        guard let text = slice.nonEmptyString else { return nil }
        guard texts.contains(text) else { return false }
        last = unsafe Array(slice.bytes)
        return true
    }

    /// The account that received the event or, where that is not said, the one that caused it.
    private func account(_ row: Int, _ rows: RowTable, _ cursor: JSONCursor) -> JSONSlice {
        let recipient = slice(rows.position(of: .recipientAccountId, row: row), cursor)
        if recipient.kind == .string, unsafe !recipient.bytes.isEmpty { return recipient }
        let identity = rows.position(of: .userIdentity, row: row)
        guard identity > 0 else { return .missing }
        return unsafe slice(Self.accountId.withUnsafeBufferPointer { unsafe cursor.find($0, in: identity) }, cursor)
    }

    private func slice(_ position: Int, _ cursor: JSONCursor) -> JSONSlice {
        position > 0 ? cursor.slice(position) : .missing
    }

    private func time(_ position: Int, _ cursor: JSONCursor) -> Timestamp? {
        let slice = slice(position, cursor)
        guard slice.kind == .string else { return nil }
        return slice.isEscaped
            ? slice.string.flatMap { Timestamp(rfc3339: $0) } : unsafe Timestamp(rfc3339: slice.bytes.span)
    }
}

extension JSONSlice {
    /// True for a string that is written with these bytes.
    fileprivate func isText(_ text: [UInt8]) -> Bool {
        unsafe kind == .string && !bytes.isEmpty && bytes.elementsEqual(text)
    }
}
