import MHPipeKit

/// The file or the files, or the objects of a bucket, that a sink writes text to, compressed when the name says so.
struct TextFiles: ResumableOutput, WrittenFileListing, ForgettingOutput {
    private let packing: Packing?
    private let isOneFile: Bool
    private var files: OutputFiles
    private var isEmpty: Bool

    /// - Parameters:
    ///   - options: What is written, how hard it is compressed, and when a file is full.
    ///   - beginning: What each file begins with.
    ///   - form: What all that is ever written to one file has in common, such as the names of columns.
    ///   - context: The stage's.
    /// - Throws: `OptionError` for what does not go together.
    init(
        _ options: some TextFileOptions,
        beginning: String = "",
        form: String = "",
        _ context: PluginContext
    ) throws(OptionError) {
        let (path, rotation) = (options.path, options.rotate)
        try Packing.check(level: options.level, for: path.path)
        try Self.check(rotation, for: path)
        try options.checkObjects(path, rotation)
        let packing = Packing(nameOf: path.path, level: options.level)
        self.packing = packing
        isOneFile = path.file != nil && rotation == nil
        isEmpty = beginning.isEmpty
        let bytes = Array(beginning.utf8)
        files = OutputFiles(
            path,
            beginning: bytes.isEmpty ? [] : packing.map { Self.member(of: bytes, $0) } ?? bytes,
            form: Array(form.utf8),
            empty: bytes.isEmpty ? packing.map { Self.member(of: [], $0) } ?? [] : [],
            rotation: rotation,
            store: BucketPath.isOne(path.path) ? ObjectStore(options, context) : nil,
            isText: packing == nil,
            context
        )
    }

    /// Makes an encoder of what another one makes: one gzip member, or one frame, for each input file, and for
    /// each file that is written.
    func encoder<Plain: EventEncoder & TallyKeeping>(_ plain: Plain) -> FilesEncoder<CompressingEncoder<Plain>> {
        let member = packing.map { PackedMember($0) }
        return files.encoder(
            CompressingEncoder(plain, packing: isOneFile ? packing : nil),
            pack: member.map { member in
                { plain, output in
                    unsafe member.append(plain.bytes, to: output)
                    member.end(into: output)
                }
            }
        )
    }

    mutating func open() throws { try files.open() }

    var canGoOn: Bool { files.canGoOn }

    mutating func open(_ start: SinkStart) throws {
        try files.open(start)
        isEmpty = files.isEmpty
    }

    mutating func checkpoint() throws -> Checkpoint { try files.checkpoint() }

    mutating func suspend() { files.suspend() }

    func forget() { files.forget() }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        isEmpty = isEmpty && bytes.isEmpty
        try unsafe files.write(bytes)
    }

    mutating func finish() throws {
        // A gzip file has at least one member (RFC 1952 section 2.2), and zstd(1) takes no file without a frame.
        if let packing, isOneFile, isEmpty {
            try unsafe Self.member(of: [], packing).withUnsafeBufferPointer { try unsafe write($0) }
        }
        try files.finish()
    }

    mutating func commit() throws { try files.commit() }

    var writtenFiles: [WrittenFile] { files.writtenFiles }

    var offset: Int { files.offset }

    mutating func abort() { files.abort() }

    private static func member(of bytes: [UInt8], _ packing: Packing) -> [UInt8] {
        let output = OutputBuffer()
        let member = PackedMember(packing)
        unsafe bytes.withUnsafeBufferPointer { unsafe member.append($0, to: output) }
        if bytes.isEmpty { member.appendEmpty(to: output) } else { member.end(into: output) }
        return unsafe Array(output.bytes)
    }
}

extension TextFiles {
    /// What a sink writes to, in parts or not.
    static func pathUses(_ path: PathTemplate, _ rotation: Rotation?) -> [PathUse] {
        guard rotation != nil, path.path != "-", !path.path.isEmpty else { return path.pathUses }
        // Any part may be written, so that no name of one is left to others.
        let parts = PartName(path.path).path(path.path, with: "{part}")
        return (try? PathTemplate(parsing: parts))?.pathUses ?? path.pathUses
    }

    /// Refuses parts of what is no file.
    ///
    /// - Throws: `OptionError`.
    private static func check(_ rotation: Rotation?, for path: PathTemplate) throws(OptionError) {
        guard rotation != nil, path.path == "-" else { return }
        throw OptionError(option: "rotate", "writes files, and standard output is none")
    }
}
