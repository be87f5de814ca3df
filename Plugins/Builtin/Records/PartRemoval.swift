import MHPipeKit

/// Takes parts out of one object or array, with the comma that each leaves over.
struct PartRemoval {
    /// The position behind the last part that stays.
    private var kept: Int?

    /// True when nothing has stayed so far.
    var isEmpty: Bool { kept == nil }

    /// Notes a part that stays; what is edited in it must have been edited.
    mutating func keep(_ part: JSONPart) { kept = part.end }

    /// Takes a part out.
    mutating func remove(_ part: JSONPart, _ rewriter: RecordRewriter) {
        rewriter.drop(kept.map { $0..<part.end } ?? part.start..<part.after)
    }
}
