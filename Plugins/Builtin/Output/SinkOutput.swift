import MHPipeIO
import MHPipeKit

/// The file, stream or device that a sink writes bytes to, with failures as the runtime wants them.
struct SinkOutput {
    /// True when the name ends in `.gz`: what is written must then be gzip members, which encoders make.
    let isCompressed: Bool

    private let path: String
    private var file: (any OutputFile)?
    private var isEmpty = true

    /// - Parameter path: A path; `-` is standard output.
    init(_ path: OutputPath) {
        self.path = path.path
        isCompressed = path.path.lowercased().hasSuffix(".gz")
    }

    /// Opens it; nothing may be written before.
    mutating func open() throws {
        file = try Self.asStageError { () throws(OutputFailure) in try Output.open(path) }
    }

    /// Writes bytes that an encoder made.
    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        guard !bytes.isEmpty else { return }
        isEmpty = false
        try Self.asStageError { () throws(OutputFailure) in try unsafe file?.write(bytes) }
    }

    /// Writes a text of the sink's own.
    mutating func write(_ text: String) throws {
        let bytes = OutputBuffer()
        if isCompressed {
            let member = GzipMember()
            unsafe Array(text.utf8).withUnsafeBufferPointer { unsafe member.append($0, to: bytes) }
            member.end(into: bytes)
        } else {
            bytes.append(text)
        }
        try unsafe write(bytes.bytes)
    }

    /// Makes what was written durable.
    mutating func finish() throws {
        if isCompressed, isEmpty {
            // A gzip file has at least one member (RFC 1952 section 2.2).
            let bytes = OutputBuffer()
            GzipMember().appendEmpty(to: bytes)
            try unsafe write(bytes.bytes)
        }
        try Self.asStageError { () throws(OutputFailure) in try file?.finish() }
    }

    mutating func commit() throws {
        try Self.asStageError { () throws(OutputFailure) in try file?.commit() }
        file = nil
    }

    mutating func abort() {
        file?.abort()
        file = nil
    }

    /// Runs something that writes, and gives its failure the type of the plugin protocols.
    static func asStageError<Result>(_ body: () throws(OutputFailure) -> Result) throws(StageError) -> Result {
        do {
            return try body()
        } catch {
            var failure = StageError(error.message, advice: error.advice, isClosedPipe: error.isBrokenPipe)
            failure.isInPlace = error.isInPlace
            throw failure
        }
    }
}
