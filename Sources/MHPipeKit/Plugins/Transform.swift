/// Drops events from batches, and adds columns to them.
///
/// The runtime makes one instance for every worker and calls it on that worker's queue only, so an instance may keep
/// scratch memory without a lock. Which batches an instance sees depends on the number of workers: what it does with
/// one must not depend on another.
public protocol Transform: TransformPlugin {
    /// Works on one batch.
    ///
    /// Called for every batch that reaches the stage and is not empty, some hundred events at a time.
    ///
    /// - Parameter batch: The events; drop them with `keep(as:where:)`, add to them with `addColumn(_:members:)`.
    /// - Throws: Anything: it ends the run. A single event that cannot be worked on is no reason to: `reject` it.
    mutating func process(_ batch: EventBatch) throws

    /// Called once on an instance's queue after its last batch, unless the run has failed by then.
    ///
    /// Events are not there any more; it is for letting go of what has to be ended in order.
    ///
    /// - Throws: Anything: the run fails, and nothing is committed.
    mutating func finish() throws
}

extension Transform {
    /// Nothing, unless the transform says otherwise.
    public mutating func finish() {}
}
