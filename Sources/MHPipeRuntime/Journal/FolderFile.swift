import Libc
import MHPipeKit

/// A file of a state folder that is read here and there.
final class FolderFile {
    private let file: FileDescriptor
    /// The file, for messages.
    let name: String

    init(_ folder: StateFolder, _ part: String) throws {
        name = folder.shown(part)
        file = try folder.open(part, O_RDONLY)
    }

    /// Asks for the bytes of the file.
    ///
    /// - Throws: `StageError` when the system cannot tell.
    func size() throws -> Int {
        var status = stat()
        guard unsafe fstat(file.number, &status) == 0 else { throw unreadable(errno) }
        return Int(status.st_size)
    }

    private func unreadable(_ number: Int32) -> StageError {
        StageError("cannot read '\(name)': \(SystemFailure.reason(number))")
    }

    /// So many bytes from a place on.
    ///
    /// - Throws: `StageError` when they cannot be read, or are not there.
    func bytes(_ count: Int, at offset: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        try fill(&bytes, at: offset)
        return bytes
    }

    /// Fills an array from a place on.
    ///
    /// - Throws: `StageError` when the bytes cannot be read, or are not there.
    func fill(_ bytes: inout [UInt8], at offset: Int) throws {
        let read = unsafe bytes.withUnsafeMutableBytes {
            unsafe DescriptorReading.fill($0, from: file.number, at: offset)
        }
        guard read >= 0 else { throw unreadable(errno) }
        guard read == bytes.count else { throw damage }
    }

    /// What is wrong with a file that is not as a run has left it.
    var damage: StageError { Self.damage(of: name) }

    static func damage(of name: String) -> StageError {
        StageError(
            "'\(name)' is damaged, or no state of mhpipe's: what earlier runs have read is not known",
            advice:
                "put back the folder as the last run has left it; or begin anew with another folder and other outputs"
        )
    }
}
