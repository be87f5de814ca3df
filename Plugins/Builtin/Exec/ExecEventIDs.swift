import MHPipeKit

/// The `eventID`s of the events that a program is given, by which an answer to another event shows.
///
/// Answers belong to events by their order. Where a program leaves an answer out and writes one too many later, those
/// between would be put to the wrong events, and their number would be right.
struct ExecEventIDs {
    private static let path = FieldPath("eventID")

    /// By row; empty for an event that has none.
    private var own: [[UInt8]] = []
    private var known: Set<[UInt8]> = []
    /// Those of the batch before, whose answers may come late.
    private var earlier: Set<[UInt8]> = []

    /// Takes those of the next batch in the place of the last one's.
    mutating func begin(_ batch: EventBatch) {
        earlier = known
        known.removeAll(keepingCapacity: true)
        own = [[UInt8]](repeating: [], count: batch.rowCount)
        let reader = FieldReader(Self.path, batch)
        for row in batch.selection {
            let id = reader.slice(row)
            guard id.kind == .string else { continue }
            own[row] = unsafe Array(id.bytes)
            known.insert(own[row])
        }
    }

    /// True for the `eventID` of an event that is not the one in the row.
    func isOfAnother(_ id: UnsafeBufferPointer<UInt8>, than row: Int) -> Bool {
        guard unsafe !own[row].elementsEqual(id) else { return false }
        let id = unsafe Array(id)
        return known.contains(id) || earlier.contains(id)
    }
}
