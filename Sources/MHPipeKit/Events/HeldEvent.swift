/// An event in memory of its own, with what transforms added to it.
///
/// It outlives the batch it was taken from and may go from queue to queue. Nothing of it changes.
public struct HeldEvent: @unchecked Sendable /* a row of a detached batch, which nobody changes any more */ {
    package let batch: EventBatch
    package let row: Int

    init(_ event: Event) {
        guard !event.batch.isDetached else {
            (batch, row) = (event.batch, event.row)
            return
        }
        let builder = BatchBuilder()
        if event.batch.isOpen {
            builder.append(event.batch, row: event.row)
        } else {
            _ = builder.append(json: "{}", origin: event.origin, number: 0)
        }
        (batch, row) = (builder.build(), 0)
    }

    /// The event, for reading.
    public var event: Event { Event(batch: batch, row: row) }
}
