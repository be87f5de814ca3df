/// Records that were left out of a window before it was indexed.
struct DroppedRecords {
    /// The index position before which they stood.
    var position: Int
    var count: Int
}
