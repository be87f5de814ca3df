import Libc
import MHPipeKit

/// Small text files that the tool itself writes.
enum TextFile {
    /// Writes a file, in the place of the one that is there.
    ///
    /// - Throws: `StageError`.
    static func write(_ text: String, to path: String) throws {
        guard let file = FilePath(path).open(O_WRONLY | O_CREAT | O_TRUNC) else {
            throw StageError(unsafe "cannot write '\(path)': \(String(cString: strerror(errno)))")
        }
        try FileDescriptorOutput(descriptor: file.number, name: "'\(path)'").write(text)
    }

    /// Writes a file that is not there; what could not be written whole is taken away again.
    ///
    /// - Throws: `StageError`, also where a file is.
    static func create(_ text: String, at path: String) throws {
        guard let file = FilePath(path).open(O_WRONLY | O_CREAT | O_EXCL) else {
            throw StageError(unsafe "cannot write '\(path)': \(String(cString: strerror(errno)))")
        }
        do {
            try FileDescriptorOutput(descriptor: file.number, name: "'\(path)'").write(text)
        } catch {
            _ = unsafe FilePath(path).withSystemPath { unsafe unlink($0) }
            throw error
        }
    }

    /// Makes a folder, unless it is there.
    ///
    /// - Throws: `StageError`.
    static func makeFolder(_ path: String) throws {
        guard unsafe mkdir(path, 0o777) != 0, errno != EEXIST else { return }
        throw StageError(unsafe "cannot make folder '\(path)': \(String(cString: strerror(errno)))")
    }
}
