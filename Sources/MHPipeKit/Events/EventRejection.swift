/// An event that a transform could not work on.
package struct EventRejection: Sendable {
    /// Its row in the batch.
    package let row: Int
    package let origin: EventOrigin
    /// What becomes of it, where that is noted.
    package let mark: EventMark?
    /// Its number in its file.
    package let number: Int
    package let reason: String
    /// The record as the transform saw it, without what was added.
    package let bytes: [UInt8]
}
