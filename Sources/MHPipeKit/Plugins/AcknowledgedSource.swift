/// A source that is told what became of its units, and gives no unit again that it was told is committed: a queue.
///
/// All calls come on the source's own queue, as those to its list do, so what both need stands in a class that they
/// share.
public protocol AcknowledgedSource: Source {
    /// How often `extend` is called while units are in flight; nil, the default, for never.
    var extendInterval: Duration? { get }

    /// Takes note that units are still worked on, so that nobody else is given them.
    ///
    /// - Parameter inFlight: All units that were pulled and are neither committed nor released, in the order in which
    ///   they were pulled.
    /// - Throws: `StageError` when somebody else may have them by now: the run fails, and nothing is committed.
    mutating func extend(_ inFlight: [UnitID]) throws

    /// Takes note that every sink has committed what came of units; they must not come again.
    ///
    /// Called after the last `commit` of a sink. After a crash between the two, or when this fails, the units come again
    /// although what came of them is in its place, and this is called for them again.
    ///
    /// - Parameter units: Units that were read, in order; a damaged one is among them, since it was reported.
    /// - Throws: `StageError` when they may come again: the run fails, but the outputs stay in their places.
    mutating func committed(_ units: [UnitID]) throws

    /// Takes note that this run does not read units, or has failed: they shall come again.
    ///
    /// - Parameter units: All units that were pulled and are not committed, in order.
    mutating func released(_ units: [UnitID])
}

extension AcknowledgedSource {
    /// Never.
    public var extendInterval: Duration? { nil }

    /// Nothing.
    ///
    /// - Parameter inFlight: The units.
    public mutating func extend(_ inFlight: [UnitID]) {}
}
