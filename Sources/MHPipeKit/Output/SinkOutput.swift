/// Where a sink writes its bytes, with the steps that a sink goes through.
public protocol SinkOutput {
    /// Opens it, beside its final name.
    ///
    /// - Throws: `StageError` when it cannot be written.
    mutating func open() throws

    /// Writes bytes behind the earlier ones.
    ///
    /// - Parameter bytes: The bytes; valid during the call.
    /// - Throws: `StageError`.
    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws

    /// Writes what is left and waits until it is on the disk; a second call changes nothing.
    ///
    /// - Throws: `StageError`.
    mutating func finish() throws

    /// Gives what was written its name.
    ///
    /// - Throws: `StageError`.
    mutating func commit() throws

    /// Removes what was written.
    mutating func abort()
}

/// An output that can be gone on with in a later run.
public protocol ResumableOutput: SinkOutput {
    /// False when it cannot be gone on with; true by default.
    var canGoOn: Bool { get }

    /// Opens it, beside its final name or where it was left.
    ///
    /// - Parameter start: Where to begin.
    /// - Throws: `StageError` when it cannot be written, or is not what the checkpoint says.
    mutating func open(_ start: SinkStart) throws

    /// Makes all that was written so far durable, and says how to come back to it.
    ///
    /// - Returns: The place.
    /// - Throws: `StageError`.
    mutating func checkpoint() throws -> Checkpoint

    /// Closes it and keeps what was written.
    mutating func suspend()
}

/// A sink that does nothing with the bytes of its encoder but write them to an output, which does all the rest.
public protocol FileSink: Sink {
    /// What it writes to.
    associatedtype Output: SinkOutput

    /// What it writes to; made in `init`.
    var output: Output { get set }
}

extension FileSink {
    /// Opens the output.
    ///
    /// - Throws: As `SinkOutput.open()`.
    public mutating func open() throws { try output.open() }

    /// Writes to the output.
    ///
    /// - Parameter bytes: The bytes.
    /// - Throws: As `SinkOutput.write(_:)`.
    public mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws { try unsafe output.write(bytes) }

    /// Finishes the output.
    ///
    /// - Throws: As `SinkOutput.finish()`.
    public mutating func finish() throws { try output.finish() }

    /// Commits the output.
    ///
    /// - Throws: As `SinkOutput.commit()`.
    public mutating func commit() throws { try output.commit() }

    /// Aborts the output.
    public mutating func abort() { output.abort() }
}

extension ResumableOutput {
    /// True.
    public var canGoOn: Bool { true }
}

extension ResumableSink where Self: FileSink, Output: ResumableOutput {
    /// What the output says.
    public var canGoOn: Bool { output.canGoOn }

    /// Opens the output.
    ///
    /// - Throws: As `SinkOutput.open()`.
    public mutating func open() throws { try output.open() }

    /// Opens the output where a run begins or goes on.
    ///
    /// - Parameter start: Where to begin.
    /// - Throws: As `ResumableOutput.open(_:)`.
    public mutating func open(_ start: SinkStart) throws { try output.open(start) }

    /// Makes the output durable.
    ///
    /// - Returns: The place in it.
    /// - Throws: As `ResumableOutput.checkpoint()`.
    public mutating func checkpoint() throws -> Checkpoint { try output.checkpoint() }

    /// Suspends the output.
    public mutating func suspend() { output.suspend() }
}
