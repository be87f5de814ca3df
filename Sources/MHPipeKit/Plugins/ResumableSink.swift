/// A sink that can go on where it was: after a crash, or in a later run.
///
/// The runtime calls `open(.fresh)` where a run keeps no state, and then treats it like any other sink. Where it does, it
/// asks for a checkpoint at the end of a unit, writes it down once it is durable, and hands it to the instance of a later
/// run. What a sink writes between two checkpoints must not depend on where they are.
public protocol ResumableSink: Sink {
    /// False when it cannot go on with the options that it was given, so that a run with it keeps no state; true by default.
    var canGoOn: Bool { get }

    /// True when, in a run that appends, a unit that comes again takes the place of what was written of it before; false by
    /// default.
    var replacesUnits: Bool { get }

    /// Opens the destination, beside its final name or where it was left.
    ///
    /// - Parameter start: Where to begin.
    /// - Throws: `StageError` when the destination cannot be written, or is not what the checkpoint says: the run does
    ///   not start.
    mutating func open(_ start: SinkStart) throws

    /// Makes all that was written so far durable, and says how to come back to it.
    ///
    /// Called on the sink's queue at the end of a unit, some seconds apart.
    ///
    /// - Returns: The place; `open` with it cuts off all that was written after.
    /// - Throws: `StageError`: the run fails.
    mutating func checkpoint() throws -> Checkpoint

    /// Ends without committing, and keeps what the last checkpoint needs; called instead of `abort`.
    mutating func suspend()
}

extension ResumableSink {
    /// True.
    public var canGoOn: Bool { true }

    /// False.
    public var replacesUnits: Bool { false }

    /// Opens the destination as if there had been no run before.
    ///
    /// - Throws: As `open(_:)`.
    public mutating func open() throws { try open(.fresh) }
}

/// A place in what a sink writes, in the sink's own words.
public struct Checkpoint: Sendable, Hashable, Codable {
    /// The bytes that the sink made; nobody else reads them.
    public var token: [UInt8]

    /// Makes a checkpoint.
    ///
    /// - Parameter token: What the sink needs to find the place again, some hundred bytes at most.
    public init(token: [UInt8]) {
        self.token = token
    }
}

/// Where a resumable sink begins.
public enum SinkStart: Sendable, Hashable {
    /// With nothing, whatever was there.
    case fresh
    /// At a checkpoint of a run that did not come to its end; what was written after it is cut off.
    case resume(Checkpoint)
    /// Behind what an earlier run has committed, at its last checkpoint, where there must be nothing else; without one, behind
    /// whatever is there, if anything is. What is there stays as it is until `commit`.
    case append(Checkpoint?)
}
