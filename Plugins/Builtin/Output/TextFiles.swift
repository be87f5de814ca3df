import MHPipeKit

/// The file or the files that a sink writes text to, compressed when the name ends in `.gz`.
struct TextFiles: ResumableOutput {
    private let isCompressed: Bool
    private let isOneFile: Bool
    private var files: OutputFiles
    private var isEmpty: Bool

    /// - Parameters:
    ///   - path: What is written.
    ///   - beginning: What each file begins with.
    ///   - context: The stage's.
    init(_ path: PathTemplate, beginning: String = "", _ context: PluginContext) {
        isCompressed = path.path.lowercased().hasSuffix(".gz")
        isOneFile = path.file != nil
        isEmpty = beginning.isEmpty
        let bytes = Array(beginning.utf8)
        files = OutputFiles(path, beginning: isCompressed && !isEmpty ? Self.member(of: bytes) : bytes, context)
    }

    /// Makes an encoder of what another one makes: one gzip member for each input file, and for each file that is written.
    func encoder<Plain: EventEncoder>(_ plain: Plain) -> FilesEncoder<CompressingEncoder<Plain>> {
        let member = GzipMember()
        return files.encoder(
            CompressingEncoder(plain, compresses: isCompressed && isOneFile),
            pack: !isCompressed
                ? nil
                : { plain, output in
                    unsafe member.append(plain.bytes, to: output)
                    member.end(into: output)
                }
        )
    }

    mutating func open() throws { try files.open() }

    var canGoOn: Bool { isOneFile }

    mutating func open(_ start: SinkStart) throws {
        try files.open(start)
        isEmpty = files.isEmpty
    }

    mutating func checkpoint() throws -> Checkpoint { try files.checkpoint() }

    mutating func suspend() { files.suspend() }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        isEmpty = isEmpty && bytes.isEmpty
        try unsafe files.write(bytes)
    }

    mutating func finish() throws {
        // A gzip file has at least one member (RFC 1952 section 2.2).
        if isCompressed, isOneFile, isEmpty {
            try unsafe Self.member(of: []).withUnsafeBufferPointer { try unsafe write($0) }
        }
        try files.finish()
    }

    mutating func commit() throws { try files.commit() }

    mutating func abort() { files.abort() }

    private static func member(of bytes: [UInt8]) -> [UInt8] {
        let output = OutputBuffer()
        let member = GzipMember()
        unsafe bytes.withUnsafeBufferPointer { unsafe member.append($0, to: output) }
        if bytes.isEmpty { member.appendEmpty(to: output) } else { member.end(into: output) }
        return unsafe Array(output.bytes)
    }
}
