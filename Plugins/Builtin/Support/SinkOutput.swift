import MHPipeIO
import MHPipeKit

/// The file, stream or device that a sink writes to, with failures as the runtime wants them.
struct SinkOutput {
    private let path: String
    private var file: (any OutputFile)?

    /// - Parameter path: A path; `-` is standard output.
    init(_ path: String) {
        self.path = path
    }

    /// Opens it; nothing may be written before.
    mutating func open() throws {
        file = try Self.asStageError { () throws(OutputFailure) in try Output.open(path) }
    }

    func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        try Self.asStageError { () throws(OutputFailure) in try file?.write(bytes) }
    }

    func finish() throws {
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
            throw StageError(
                error.message,
                advice: error.advice,
                isClosedPipe: error.name == "-" && error.isBrokenPipe
            )
        }
    }
}
