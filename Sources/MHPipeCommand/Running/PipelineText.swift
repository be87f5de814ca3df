import Libc
import MHPipeIO
import MHPipeKit

/// Reads pipeline files from the disk.
enum PipelineText {
    /// A pipeline file is written by hand; one that is larger is something else.
    private static let maximumBytes = 16 << 20

    /// Reads a file, or standard input for `-`.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - console: Where someone at a terminal is told that standard input is waited for.
    /// - Returns: The text.
    /// - Throws: `UsageError` when it cannot be read, or is a log file.
    static func read(_ path: String, _ console: Console) throws(UsageError) -> SourceText {
        let isStandardInput = path == "-"
        if isStandardInput, FileInput.standardInputIsTerminal {
            console.say("standard input is a terminal: type or paste a pipeline, then press Ctrl-D")
        }
        let name = isStandardInput ? "<stdin>" : path
        let bytes = isStandardInput ? try readAll(STDIN_FILENO, name) : try readAll(path)
        if let content = foreignContent(bytes) {
            var error = unreadable(name, "it is \(content), not a pipeline")
            error.advice.append("to convert log files, write: mhpipe convert '\(path)' OUTPUT")
            throw error
        }
        return SourceText(name: name, bytes: bytes)
    }

    /// What a file is that was given in place of a pipeline; nil when it may be one.
    ///
    /// A pipeline can be JSON, since that is YAML, but no log file is one.
    private static func foreignContent(_ bytes: [UInt8]) -> String? {
        switch ContentKind(bytes) {
        case .gzip: return "a gzip file"
        case .zstd: return "a zstd file"
        // The parser has words of its own for other encodings of text.
        case .other(let reason): return reason.hasPrefix("text in ") ? nil : "a file of another kind (\(reason))"
        case .text:
            let start = String(decoding: bytes.prefix(4096), as: UTF8.self).filter { !$0.isWhitespace }
            guard let first = start.first, "{[".contains(first) else { return nil }
            return ["\"Records\":", "\"eventVersion\":"].contains { start.contains($0) } ? "a log file" : nil
        }
    }

    private static func readAll(_ path: String) throws(UsageError) -> [UInt8] {
        guard let file = FilePath(path).open(O_RDONLY) else {
            throw .unreadable("cannot read '\(path)'", path, errno)
        }
        return try readAll(file.number, path)
    }

    private static func readAll(_ descriptor: Int32, _ name: String) throws(UsageError) -> [UInt8] {
        guard let bytes = DescriptorReading.all(of: descriptor, most: maximumBytes) else {
            guard errno == EISDIR else { throw .unreadable("cannot read '\(name)'", name, errno) }
            throw unreadable(name, "it is a folder")
        }
        guard bytes.count <= maximumBytes else { throw unreadable(name, "it is too large for a pipeline file") }
        return bytes
    }

    private static func unreadable(_ name: String, _ reason: String) -> UsageError {
        .refused("cannot read '\(name)': \(reason)")
    }
}
