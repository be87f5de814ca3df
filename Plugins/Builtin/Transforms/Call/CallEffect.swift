import MHPipeKit

/// Whether a call changes something.
enum CallEffect {
    /// What the record says of itself, or the name where it says nothing (records before eventVersion 1.06).
    ///
    /// - Parameters:
    ///   - cursor: Reads the batch.
    ///   - readOnly: The index position of `readOnly`; 0 for a record without.
    ///   - action: The normalized `eventName`.
    /// - Returns: Nil where neither says anything.
    static func isWrite(_ cursor: JSONCursor, _ readOnly: Int, _ action: JSONSlice) -> Bool? {
        if readOnly > 0, let isRead = cursor.slice(readOnly).flag { return !isRead }
        guard action.isPresent else { return nil }
        return
            !(action.hasPrefix("Get") || action.hasPrefix("List") || action.hasPrefix("Describe")
            || action.hasPrefix("BatchGet"))
    }
}
