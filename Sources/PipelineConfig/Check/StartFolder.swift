import Libc

/// The folder in which the program was started, where relative paths begin.
package enum StartFolder {
    /// For notes: where a relative path is looked for; nothing of an absolute one.
    package static func notes(for path: String) -> [String] {
        guard !path.isEmpty, !path.hasPrefix("/"), let folder = unsafe realpath(".", nil) else { return [] }
        defer { unsafe free(folder) }
        return [unsafe "'\(path)' is looked for in '\(String(cString: folder))', where mhpipe was started"]
    }
}
