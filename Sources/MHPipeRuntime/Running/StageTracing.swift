package import MHPipeKit

/// Is told what each stage of a run was given, and what it gave.
///
/// Batches and events are valid inside the call. Calls come from the queues of workers and of ordered stages, also at the
/// same time; of one event they come in the order of its way. `Event.mark` tells which event it is from stage to stage.
package protocol StageTracing: AnyObject, Sendable {
    /// Events were read, before the source has selected among them.
    func read(_ batch: EventBatch, from source: Int)

    /// The source has selected these among those that were read.
    func selected(_ batch: EventBatch, of source: Int)

    /// A transform is about to work on events; `reasoning` can say why it will do what it does.
    func willTake(_ batch: EventBatch, transform: Int, reasoning: (any ReasoningTransform)?)

    /// Events leave a transform; `port` is 0 where it has no ports.
    func gave(_ batch: EventBatch, transform: Int, port: Int)

    /// A transform could not work on an event.
    func rejected(_ event: EventRejection, transform: Int)

    /// Events come to a sink.
    func willTake(_ batch: EventBatch, sink: Int)

    /// A sink could not take an event.
    func rejected(_ event: EventRejection, sink: Int)
}
