import Libc
import MHPipeIO
import MHPipeKit

/// Reads the file of records that a command is handed.
enum EventText {
    /// It is read whole, and kept as it is at each stage; a trail is for the pipeline to read.
    static let maximumBytes = 64 << 20

    /// Reads a file, or standard input for `-`.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - console: Where someone at a terminal is told that standard input is waited for.
    /// - Returns: What it holds.
    /// - Throws: `UsageError` when it cannot be read.
    static func read(_ path: String, _ console: Console) throws(UsageError) -> GivenText {
        let isStandardInput = path == "-"
        if isStandardInput, FileInput.standardInputIsTerminal {
            console.say("standard input is a terminal: paste an event, then press Ctrl-D")
        }
        let name = isStandardInput ? "<stdin>" : FilePath(path).text
        guard isStandardInput else {
            guard let file = FilePath(path).open(O_RDONLY) else {
                throw .unreadable("cannot read '\(name)'", path, errno)
            }
            return GivenText(name: name, bytes: try all(of: file.number, path))
        }
        return GivenText(name: name, bytes: try all(of: STDIN_FILENO, name))
    }

    private static func all(of descriptor: Int32, _ name: String) throws(UsageError) -> [UInt8] {
        guard let bytes = DescriptorReading.all(of: descriptor, most: maximumBytes) else {
            guard errno == EISDIR else { throw .unreadable("cannot read '\(name)'", name, errno) }
            throw .refused(
                "cannot read '\(name)': it is a folder",
                advice: [
                    "name a file with the event, or look for the event in the pipeline's own input with '--event-id ID'"
                ]
            )
        }
        guard bytes.count <= maximumBytes else {
            throw .refused(
                "cannot read '\(name)': it is larger than \(Readable.bytes(maximumBytes))",
                advice: ["take the event out of it, or look for it in the pipeline's own input with '--event-id ID'"]
            )
        }
        return bytes
    }
}
