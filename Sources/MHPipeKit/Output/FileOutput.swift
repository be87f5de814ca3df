/// A file, device or stream that a sink writes.
///
/// A file is written under a hidden name beside its own and gets its name, in one step, with `commit`; until then what had
/// the name stays as it was. Nothing is left after `abort`, or when the last copy goes away without `commit`. What a
/// process that is killed leaves is removed by whoever writes the same file next. A device or a pipe is written into as
/// it is.
public struct FileOutput: ResumableOutput {
    private let path: String
    private let stateKey: String?
    private var file: (any OutputFile)?
    /// Where what this run has written begins, or will: behind what earlier ones have appended.
    package private(set) var offset = 0

    /// Names an output, which is not touched before `open`.
    ///
    /// - Parameters:
    ///   - path: The path; `-` is standard output.
    ///   - context: The stage's, for a sink that goes on with what an earlier run has written; nil for any other.
    public init(_ path: OutputPath, _ context: PluginContext? = nil) {
        self.path = path.path
        stateKey = context?.stateKey
    }

    /// False for standard output.
    public var canGoOn: Bool { path != "-" }

    /// Opens it; links are followed, and the folder must be there.
    ///
    /// - Throws: `StageError` when it cannot be written.
    public mutating func open() throws {
        file = try StageError.wrapping { () throws(OutputFailure) in try MHPipeKit.Output.open(path) }
    }

    /// Opens it where a run begins or goes on.
    ///
    /// - Parameter start: Where to begin; anything but the beginning needs a run that keeps its state.
    /// - Throws: `StageError` when it is no regular file, or is not what the checkpoint says.
    public mutating func open(_ start: SinkStart) throws {
        guard let stateKey else {
            guard start == .fresh else { throw StageError("'\(path)' cannot be gone on with: the run keeps no state") }
            return try open()
        }
        file = try resumable(stateKey, start)
        offset = (file as? AppendedFile)?.base.size ?? 0
    }

    private func resumable(_ stateKey: String, _ start: SinkStart) throws -> any OutputFile {
        try StageError.wrapping { () throws(OutputFailure) in
            let place = path == "-" ? nil : try OutputPlace(resolving: path)
            guard let place, place.kind == .regular else {
                throw OutputFailure(
                    path,
                    reason:
                        "what goes to a pipe or a device cannot be taken back, and a run that keeps its state may have to",
                    advice: "write to a file, or leave out the state"
                )
            }
            switch start {
            case .fresh: return try KeptFile(place, key: stateKey)
            case .resume(let checkpoint): return try resumed(place, stateKey, String(checkpoint))
            case .append(let checkpoint): return try appended(place, stateKey, checkpoint.map(String.init))
            }
        }
    }

    /// Goes on with what an earlier run has written by a place in it.
    private func resumed(_ place: OutputPlace, _ key: String, _ text: String) throws(OutputFailure) -> any OutputFile {
        if let mark = AppendedFile.Mark(text) { return try AppendedFile(place, key: key, at: mark) }
        guard let mark = KeptFile.Mark(text) else { throw unknownPlace }
        return try KeptFile(place, key: key, at: mark)
    }

    /// Begins behind what earlier runs have put in its place.
    private func appended(_ place: OutputPlace, _ key: String, _ text: String?) throws(OutputFailure) -> any OutputFile
    {
        var mark: AppendedFile.Mark?
        if let text {
            mark = AppendedFile.Mark(text)
            if let whole = KeptFile.Mark(text) { mark = .init(base: .ofNothing, part: whole) }
            guard mark != nil else { throw unknownPlace }
        }
        // Nothing was written yet.
        if mark.map({ $0.end == 0 }) ?? true, !place.path.exists {
            return try KeptFile(place, key: key)
        }
        return try AppendedFile(place, key: key, behind: mark)
    }

    private var unknownPlace: OutputFailure {
        OutputFailure(path, reason: "the state does not say where it ended", advice: "begin anew with --restart")
    }

    /// Makes all that was written so far durable.
    ///
    /// - Returns: The place behind it.
    /// - Throws: `StageError`.
    public mutating func checkpoint() throws -> Checkpoint {
        guard let file = file as? any ResumableFile else {
            throw StageError("'\(path)' is not kept, so there is no way back to it")
        }
        return try StageError.wrapping { () throws(OutputFailure) in Checkpoint(token: Array(try file.place().utf8)) }
    }

    /// Closes it and keeps what was written.
    public mutating func suspend() {
        (file as? any ResumableFile)?.suspend()
        file = nil
    }

    /// True when nothing was written to it, by this run or by the one that it goes on with.
    package var isEmpty: Bool { (file as? any ResumableFile)?.isEmpty ?? true }

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

extension FileOutput: NamedOutput {
    package var writtenFiles: [WrittenFile] { [] }
}

extension String {
    /// What a checkpoint of a file says.
    fileprivate init(_ checkpoint: Checkpoint) {
        self.init(decoding: checkpoint.token, as: UTF8.self)
    }
}
