/// The files that a path template names, or the one file that it names without a field.
///
/// The encoder that it makes finds out which file each event belongs to, so a sink has nothing to do with that:
///
/// ```swift
/// struct AccountsSink: FileSink {
///     var output: OutputFiles
///     func makeEncoder() -> FilesEncoder<JSONLinesEncoder> { output.encoder(JSONLinesEncoder()) }
/// }
/// ```
///
/// What each file holds is the same for any number of workers. A run of no events makes no files.
public struct OutputFiles: ResumableOutput {
    private enum Target {
        case file(FileOutput)
        case folder(OutputFolder)
    }

    private let template: PathTemplate
    private let beginning: [UInt8]
    private var target: Target

    /// Names the files, which are not touched before `open`.
    ///
    /// - Parameters:
    ///   - template: The path.
    ///   - beginning: What each file begins with, such as a line of column names.
    ///   - context: The stage's, for a sink that goes on with what an earlier run has written; nil for any other.
    public init(_ template: PathTemplate, beginning: [UInt8] = [], _ context: PluginContext? = nil) {
        self.template = template
        self.beginning = beginning
        target =
            if let file = template.file {
                .file(FileOutput(OutputPath(stringLiteral: file), context))
            } else {
                .folder(OutputFolder(OutputTree(stringLiteral: template.folder), beginning: beginning))
            }
    }

    /// Makes an encoder whose bytes `write` takes.
    ///
    /// - Parameter encoder: Makes the bytes of one file's events.
    /// - Returns: The encoder for events of all files.
    public func encoder<Base: EventEncoder>(_ encoder: Base) -> FilesEncoder<Base> {
        FilesEncoder(template, encoder, pack: nil)
    }

    /// Makes an encoder whose bytes `write` takes, each stretch of a file packed.
    package func encoder<Base: EventEncoder>(
        _ encoder: Base,
        pack: ((OutputBuffer, OutputBuffer) -> Void)?
    ) -> FilesEncoder<Base> {
        FilesEncoder(template, encoder, pack: pack)
    }

    /// Opens the file, or makes the folder ready.
    ///
    /// - Throws: `StageError` when it cannot be written.
    public mutating func open() throws {
        switch target {
        case .folder(let folder): try folder.open()
        case .file(var file):
            try file.open()
            try unsafe beginning.withUnsafeBufferPointer { try unsafe file.write($0) }
            target = .file(file)
        }
    }

    /// False for a path with fields.
    public var canGoOn: Bool { template.file != nil }

    /// Opens the file where a run begins or goes on.
    ///
    /// - Parameter start: Where to begin.
    /// - Throws: `StageError` when it cannot be written, is not what the checkpoint says, or when the path has fields.
    public mutating func open(_ start: SinkStart) throws {
        guard case .file(var file) = target else {
            throw StageError(
                "'\(template.path)' names a file for each value of a field, and such files cannot be gone on with",
                advice: "write one file, or leave out the state"
            )
        }
        try file.open(start)
        if file.isEmpty { try unsafe beginning.withUnsafeBufferPointer { try unsafe file.write($0) } }
        target = .file(file)
    }

    /// Makes all that was written so far durable.
    ///
    /// - Returns: The place behind it.
    /// - Throws: `StageError`.
    public mutating func checkpoint() throws -> Checkpoint {
        guard case .file(var file) = target else { throw StageError("'\(template.path)' cannot be gone on with") }
        defer { target = .file(file) }
        return try file.checkpoint()
    }

    /// Closes the file and keeps what was written.
    public mutating func suspend() {
        guard case .file(var file) = target else { return abort() }
        file.suspend()
        target = .file(file)
    }

    /// True when the one file holds nothing.
    package var isEmpty: Bool {
        guard case .file(let file) = target else { return true }
        return file.isEmpty
    }

    /// Writes what the encoder made.
    ///
    /// - Parameter bytes: The bytes of one or more whole `encode` calls.
    /// - Throws: `StageError`.
    public mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        switch target {
        case .file(var file): try unsafe file.write(bytes)
        case .folder(let folder):
            try unsafe FileFrame.forEach(in: bytes) { try unsafe folder.write($1, to: $0.path, rows: $0.rows) }
        }
    }

    /// Writes what is left and waits until it is on the disk.
    ///
    /// - Throws: `StageError`.
    public mutating func finish() throws {
        switch target {
        case .file(var file): try file.finish()
        case .folder(let folder): try folder.finish()
        }
    }

    /// Gives every file its name.
    ///
    /// - Throws: `StageError`.
    public mutating func commit() throws {
        switch target {
        case .file(var file): try file.commit()
        case .folder(let folder): try folder.commit()
        }
    }

    /// Removes what was written.
    public mutating func abort() {
        switch target {
        case .file(var file): file.abort()
        case .folder(let folder): folder.abort()
        }
    }
}

extension OutputFiles: WrittenFileListing {
    package var writtenFiles: [WrittenFile] {
        guard case .folder(let folder) = target else { return [] }
        return folder.writtenFiles
    }
}
