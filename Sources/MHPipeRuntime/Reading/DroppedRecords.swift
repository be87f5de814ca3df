/// Records that were left out of the index of a window.
struct DroppedRecords {
    /// The position in the index that they would have had.
    let position: Int
    let count: Int
}
