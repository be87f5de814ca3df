/// Records of a window that were proven, and of which its index has less than all tokens.
struct ProvenRecords {
    /// The position in the index of their first token, or the one that it would have had.
    let position: Int
    let fate: Fate

    /// What becomes of them.
    enum Fate: Equatable {
        /// They are dropped, and nothing of them is in the index.
        case dropped(Dropped)
        /// So many are read, of each its outline: its braces, and between them the members that somebody reads.
        case outlined(Int)

        /// That of both, one behind the other; nil where they differ.
        static func + (left: Fate, right: Fate) -> Fate? {
            switch (left, right) {
            case (.dropped(var count), .dropped(let more)):
                count += more
                return .dropped(count)
            case (.outlined(let count), .outlined(let more)): return .outlined(count + more)
            default: return nil
            }
        }
    }

    /// How many are dropped, by what drops them.
    struct Dropped: Equatable {
        /// The selection of their source.
        var unselected = 0
        /// Every stage that takes events of their source.
        var filtered = 0

        var all: Int { unselected + filtered }

        static func += (left: inout Dropped, right: Dropped) {
            left.unselected += right.unselected
            left.filtered += right.filtered
        }
    }
}
