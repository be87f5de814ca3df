import Libc
import MHPipeKit

/// A file of a state folder that is read here and there.
final class FolderFile {
    private let descriptor: Int32
    /// The file, for messages.
    let name: String

    init(_ folder: StateFolder, _ part: String) throws {
        name = folder.shown(part)
        descriptor = try folder.open(part, O_RDONLY)
    }

    deinit {
        close(descriptor)
    }

    /// Asks for the bytes of the file.
    ///
    /// - Throws: `StageError` when the system cannot tell.
    func size() throws -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw unreadable(errno) }
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
        var done = 0
        while done < count {
            let number = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + done },
                    count - done,
                    off_t(offset + done)
                )
            }
            if number < 0, errno == EINTR { continue }
            guard number >= 0 else { throw unreadable(errno) }
            guard number > 0 else { throw damage }
            done += number
        }
        return bytes
    }

    /// What is wrong with a file that is not as a run has left it.
    var damage: StageError {
        StageError(
            "'\(name)' is damaged, or no state of mhpipe's: what earlier runs have read is not known",
            advice:
                "put back the folder as the last run has left it; or begin anew with another folder and other outputs"
        )
    }
}
