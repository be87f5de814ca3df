import MHPipeIO
import MHPipeKit

/// A temporary file of a transform, whose failures are in the words the user will read.
final class SpillFile {
    private var file: TemporaryFile

    /// Makes an empty file on the disk of a folder.
    init(in folder: String) throws(StageError) {
        file = try Self.asStageError { () throws(OutputFailure) in try TemporaryFile(in: folder) }
    }

    /// The bytes appended so far.
    var count: Int { file.count }

    /// Writes bytes behind the earlier ones.
    func append(_ bytes: UnsafeRawBufferPointer) throws(StageError) {
        try Self.asStageError { () throws(OutputFailure) in try unsafe file.append(bytes) }
    }

    /// Reads bytes that were appended.
    func bytes(_ count: Int, at offset: Int) throws(StageError) -> [UInt8] {
        try Self.asStageError { () throws(OutputFailure) in try file.bytes(count, at: offset) }
    }

    private static func asStageError<Result: ~Copyable>(_ body: () throws(OutputFailure) -> Result) throws(StageError)
        -> Result
    {
        do throws(StageError) {
            return try StageError.wrapping(body)
        } catch {
            var error = error
            error.advice = (error.advice.map { "\($0); " } ?? "") + "`temp_folder` names another folder"
            throw error
        }
    }
}
