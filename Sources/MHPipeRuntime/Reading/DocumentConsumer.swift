import MHPipeKit

/// Who takes what a document reader finds.
///
/// Called on the worker's queue.
protocol DocumentConsumer: AnyObject {
    /// Takes a batch; its memory is used again after the call.
    func take(_ batch: EventBatch) throws

    /// Counts events that were proven to be sound, and that all stages behind the source drop.
    func noteDropped(_ count: ProvenRecords.Dropped)

    /// Takes note of a problem; `raw` is what is lost by it, and valid during the call.
    func note(_ problem: InputProblem, raw: UnsafeBufferPointer<UInt8>) throws

    /// Counts what AWS writes for itself, and which is no event.
    func noteHousekeeping()
}
