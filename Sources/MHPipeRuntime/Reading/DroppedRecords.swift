/// Records that were left out of the index of a window.
struct DroppedRecords {
    /// The position in the index that they would have had.
    let position: Int
    let count: Count

    /// How many there were, by what dropped them.
    struct Count: Equatable {
        /// The selection of their source.
        var unselected = 0
        /// Every stage that takes events of their source.
        var filtered = 0

        var all: Int { unselected + filtered }

        static func += (left: inout Count, right: Count) {
            left.unselected += right.unselected
            left.filtered += right.filtered
        }
    }
}
