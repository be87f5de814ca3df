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
/// With a state, what goes to many files stands in one hidden file first, which is removed when the run is done where this is
/// the `output` of a `FileSink`; elsewhere the next run removes it. What each file holds is the same for any number of
/// workers. A run of no events makes no files.
public struct OutputFiles: ResumableOutput {
    private enum Target {
        case file(any NamedOutput)
        case folder(any NamedOutputs)
        case spooled(SpooledFolder)
    }

    private let template: PathTemplate
    private let beginning: [UInt8]
    private let rotation: Rotation?
    /// What a file without events holds.
    private let empty: [UInt8]
    private let warn: @Sendable (String) -> Void
    /// The parts that were begun, where files are written in parts.
    private var parts: RotatedParts?
    /// What the bytes of all runs that write to one file have in common.
    private let form: UInt64
    private let stateKey: String?
    private let earlier: (any EarlierFiles)?
    /// True for text, whose last byte ends a line.
    private let isText: Bool
    private var target: Target

    /// Names the files, which are not touched before `open`.
    ///
    /// - Parameters:
    ///   - template: The path.
    ///   - beginning: What each file begins with, such as a line of column names.
    ///   - context: The stage's, for a sink that goes on with what an earlier run has written; nil for any other.
    public init(_ template: PathTemplate, beginning: [UInt8] = [], _ context: PluginContext? = nil) {
        self.init(template, beginning: beginning, form: beginning, empty: [], rotation: nil, context)
    }

    /// The same, in parts where there is a rotation, each in a file of its own.
    ///
    /// `form` tells that the bytes of two runs do not fit into one file, such as the names of other columns; `store` says where
    /// they are kept that are no files.
    package init(
        _ template: PathTemplate,
        beginning: [UInt8],
        form: [UInt8],
        empty: [UInt8],
        rotation: Rotation?,
        store: (any OutputStore)? = nil,
        isText: Bool = false,
        _ context: PluginContext?
    ) {
        self.isText = isText
        self.template = template
        self.beginning = beginning
        self.form = FileTail.hash(form)
        self.empty = empty
        self.rotation = rotation
        stateKey = context?.stateKey
        earlier = context?.earlierFiles
        if let context { warn = context.warn } else { warn = { _ in } }
        parts = rotation.map { RotatedParts($0, PartName(template.path)) }
        if let store {
            target =
                template.file.map { .file(store.output($0)) }
                ?? .folder(store.outputs(below: template.folder, beginning: beginning))
        } else if let file = template.file, rotation == nil {
            target = .file(FileOutput(OutputPath(stringLiteral: file), context))
        } else {
            target = .folder(OutputFolder(Self.tree(template), beginning: beginning))
        }
    }

    /// The folder that the files are below.
    private static func tree(_ template: PathTemplate) -> OutputTree {
        OutputTree(stringLiteral: template.file.map { ByteText.text(FilePath($0).directory.bytes) } ?? template.folder)
    }

    /// Makes an encoder whose bytes `write` takes.
    ///
    /// - Parameter encoder: Makes the bytes of one file's events.
    /// - Returns: The encoder for events of all files.
    public func encoder<Base: EventEncoder>(_ encoder: Base) -> FilesEncoder<Base> {
        FilesEncoder(template, encoder, rotation: rotation)
    }

    /// Makes an encoder whose bytes `write` takes, each stretch of a file packed.
    package func encoder<Base: EventEncoder & TallyKeeping>(
        _ encoder: Base,
        pack: ((OutputBuffer, OutputBuffer) -> Void)?
    ) -> FilesEncoder<Base> {
        FilesEncoder(template, encoder, rotation: rotation, pack: pack) { $0 }
    }

    /// Opens the file, or makes the folder ready.
    ///
    /// - Throws: `StageError` when it cannot be written.
    public mutating func open() throws {
        switch target {
        case .folder(let folder): try folder.open()
        case .spooled: break
        case .file(var file):
            try file.open()
            try unsafe beginning.withUnsafeBufferPointer { try unsafe file.write($0) }
            target = .file(file)
        }
    }

    /// False for standard output.
    public var canGoOn: Bool {
        guard case .file(let file) = target else { return true }
        return file.canGoOn
    }

    /// Opens the file, or the hidden one of many, where a run begins or goes on.
    ///
    /// - Parameter start: Where to begin.
    /// - Throws: `StageError` when it cannot be written, or is not what the checkpoint says.
    public mutating func open(_ start: SinkStart) throws {
        let start = try plain(start)
        switch target {
        case .file(var file):
            try file.open(start)
            if file.isEmpty { try unsafe beginning.withUnsafeBufferPointer { try unsafe file.write($0) } }
            target = .file(file)
        case .folder, .spooled:
            guard let stateKey else {
                guard start == .fresh else {
                    throw StageError("'\(template.path)' cannot be gone on with: the run keeps no state")
                }
                return try open()
            }
            if let outputs { return try outputs.open(start) }
            let spooled = try SpooledFolder(manyFiles, key: stateKey, start, earlier: earlier, warn: warn)
            target = .spooled(spooled)
            guard parts != nil else { return }
            try spooled.forEachHead { parts?.restore($0.path, text: $0.text) }
            if spooled.grows { parts?.begin(behindThoseIn: spooled.root, mayBeThere: !spooled.isFirst) }
        }
    }

    /// Those of a store, in a run that keeps its state.
    private var outputs: SpooledOutputs? {
        guard case .folder(let folder) = target else { return nil }
        return folder as? SpooledOutputs
    }

    private var manyFiles: SpooledFolder.Files {
        SpooledFolder.Files(
            name: template.path,
            folder: Self.tree(template),
            beginning: beginning,
            isText: isText,
            isAlwaysNew: rotation != nil
        )
    }

    /// Makes all that was written so far durable.
    ///
    /// - Returns: The place behind it.
    /// - Throws: `StageError`.
    public mutating func checkpoint() throws -> Checkpoint {
        let inner: Checkpoint
        switch target {
        case .file(var file):
            defer { target = .file(file) }
            inner = try file.checkpoint()
        case .spooled(let folder): inner = try folder.checkpoint()
        case .folder:
            guard let outputs else {
                throw StageError("'\(template.path)' cannot be gone on with: the run keeps no state")
            }
            inner = try outputs.checkpoint()
        }
        return Checkpoint(token: Array(mark.utf8) + inner.token)
    }

    /// What stands before a file's own checkpoint.
    private var mark: String { String(form, radix: 16) + " " }

    /// The start without what this puts before checkpoints, when that is right.
    private func plain(_ start: SinkStart) throws(StageError) -> SinkStart {
        func plain(_ checkpoint: Checkpoint) throws(StageError) -> Checkpoint {
            guard checkpoint.token.starts(with: mark.utf8) else {
                throw StageError(
                    "cannot write '\(template.path)': what earlier runs wrote has other columns, or the state is not of this file",
                    advice: "take those columns again, or write another file"
                )
            }
            return Checkpoint(token: Array(checkpoint.token.dropFirst(mark.utf8.count)))
        }
        switch start {
        case .fresh, .append(nil): return start
        case .resume(let checkpoint): return .resume(try plain(checkpoint))
        case .append(let checkpoint?): return .append(try plain(checkpoint))
        }
    }

    /// Closes the file and keeps what was written.
    public mutating func suspend() {
        switch target {
        case .file(var file):
            file.suspend()
            target = .file(file)
        case .spooled(let folder): folder.suspend()
        case .folder: if let outputs { outputs.suspend() } else { abort() }
        }
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
            try unsafe FileFrame.forEach(in: bytes) { head, bytes in
                let path = try next(head.path, text: head.text)
                try unsafe folder.write(bytes, to: path, rows: head.rows)
            }
        case .spooled(let folder):
            try unsafe FileFrame.forEach(in: bytes) { head, bytes in
                var head = head
                head.path = try next(head.path, text: head.text)
                try unsafe folder.write(bytes, head)
            }
        }
    }

    /// Writes what is left and waits until it is on the disk.
    ///
    /// - Throws: `StageError`.
    public mutating func finish() throws {
        switch target {
        case .file(var file): try file.finish()
        case .folder(let folder):
            if let path = try pathOfNothing() {
                try unsafe empty.withUnsafeBufferPointer { try unsafe folder.write($0, to: path, rows: 0) }
            }
            try folder.finish()
        case .spooled(let folder):
            if !folder.isWhole, !folder.grows || folder.isFirst, let path = try pathOfNothing() {
                let head = FileFrame.Head(path: path, rows: 0, text: 0)
                try unsafe empty.withUnsafeBufferPointer { try unsafe folder.write($0, head) }
            }
            try folder.finish()
        }
    }

    /// The path of the file, or of its part, that takes the next text.
    private mutating func next(_ path: [UInt8], text: Int) throws(StageError) -> [UInt8] {
        try StageError.wrapping { () throws(OutputFailure) in try parts?.next(path, text: text) ?? path }
    }

    /// The first part of a file in parts to which nothing was written.
    private mutating func pathOfNothing() throws(StageError) -> [UInt8]? {
        guard let file = template.file, parts?.isEmpty == true else { return nil }
        return try next(FilePath(file).lastPart, text: 0)
    }

    /// Gives every file its name.
    ///
    /// - Throws: `StageError`.
    public mutating func commit() throws {
        switch target {
        case .file(var file): try file.commit()
        case .folder(let folder):
            let root = (folder as? OutputFolder)?.root
            try folder.commit()
            if let root { removeStaleParts(in: root) }
        case .spooled(let folder):
            try folder.commit()
            if !folder.grows { removeStaleParts(in: folder.root) }
        }
    }

    /// Removes the parts of an earlier run that this one has written no other ones for: they would be read with the new ones.
    private func removeStaleParts(in root: FilePath) {
        let stale = parts?.stale(in: root) ?? []
        guard let first = stale.min(by: { $0.text < $1.text }) else { return }
        for file in stale { file.removeFile() }
        let rest = stale.count == 1 ? "" : " and \(stale.count - 1) more"
        warn("the output has fewer parts than before: '\(first.text)'\(rest), of an earlier run, removed")
        for folder in Set(stale.map(\.directory)) { _ = AtomicFile.sync(folder) }
    }

    /// Removes what was written.
    public mutating func abort() {
        switch target {
        case .file(var file): file.abort()
        case .folder(let folder): folder.abort()
        case .spooled(let folder): folder.abort()
        }
    }
}

extension OutputFiles: WrittenFileListing {
    package var writtenFiles: [WrittenFile] {
        switch target {
        case .file(let file): file.writtenFiles
        case .folder(let folder): folder.writtenFiles
        case .spooled(let folder): folder.writtenFiles
        }
    }

    package var offset: Int {
        guard case .file(let file) = target else { return 0 }
        return file.offset
    }
}

extension OutputFiles: ForgettingOutput {
    package func forget() {
        switch target {
        case .file: break
        case .spooled(let folder): folder.forget()
        case .folder(let folder):
            outputs?.forget()
            if let stateKey, folder is OutputFolder { SpooledFolder.forget(manyFiles, key: stateKey) }
        }
    }
}
