/// A file, device or stream that a sink writes.
///
/// A file is written under a hidden name beside its own and gets its name, in one step, with `commit`; until then what had
/// the name stays as it was. Nothing is left after `abort`, or when the last copy goes away without `commit`. What a
/// process that is killed leaves is removed by whoever writes the same file next. A device or a pipe is written into as
/// it is.
public struct FileOutput: SinkOutput {
    private let path: String
    private var file: (any OutputFile)?

    /// Names an output, which is not touched before `open`.
    ///
    /// - Parameter path: The path; `-` is standard output.
    public init(_ path: OutputPath) {
        self.path = path.path
    }

    /// Opens it; links are followed, and the folder must be there.
    ///
    /// - Throws: `StageError` when it cannot be written.
    public mutating func open() throws {
        file = try StageError.wrapping { () throws(OutputFailure) in try MHPipeKit.Output.open(path) }
    }

    /// Writes bytes behind the earlier ones.
    ///
    /// - Parameter bytes: The bytes.
    /// - Throws: `StageError`; one with `isClosedPipe` when the reader of a pipe has gone away.
    public mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        try StageError.wrapping { () throws(OutputFailure) in try unsafe file?.write(bytes) }
    }

    /// Writes a text as UTF-8.
    ///
    /// - Parameter text: The text.
    /// - Throws: As `write(_:)` for bytes.
    public mutating func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try unsafe write($0) }
    }

    /// Writes what is left and waits until it is on the disk.
    ///
    /// - Throws: `StageError`.
    public mutating func finish() throws {
        try StageError.wrapping { () throws(OutputFailure) in try file?.finish() }
    }

    /// Gives the file its name.
    ///
    /// - Throws: `StageError`.
    public mutating func commit() throws {
        try StageError.wrapping { () throws(OutputFailure) in try file?.commit() }
        file = nil
    }

    /// Removes what was written.
    public mutating func abort() {
        file?.abort()
        file = nil
    }
}

extension StageError {
    /// The failure of an output, as plugins throw it.
    package init(_ failure: OutputFailure) {
        self.init(failure.message, advice: failure.advice, isClosedPipe: failure.isBrokenPipe)
        isInPlace = failure.isInPlace
    }

    /// Runs something that writes, and gives its failure the type of the plugin protocols.
    package static func wrapping<Result>(_ body: () throws(OutputFailure) -> Result) throws(StageError) -> Result {
        do {
            return try body()
        } catch {
            throw StageError(error)
        }
    }
}
