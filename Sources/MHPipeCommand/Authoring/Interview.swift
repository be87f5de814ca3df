import Libc
import MHPipeKit

/// Questions to a person at a terminal, each with the answer that an empty line stands for.
struct Interview {
    /// Shows a text, and the cursor behind it.
    let show: (String) -> Void
    /// Reads a line; nil at the end.
    let read: () -> String?

    /// Standard error and standard input.
    static func atTerminal(_ console: Console) -> Interview {
        Interview(show: { try? console.standardError.write($0) }, read: line)
    }

    /// Asks until an answer will do.
    ///
    /// - Parameters:
    ///   - question: The question.
    ///   - usual: What an empty line stands for; nil where there must be an answer.
    ///   - check: Makes something of the answer, or says what is wrong with it.
    /// - Returns: What was made of it.
    /// - Throws: `UsageError` when there are no more lines.
    func ask<Value>(
        _ question: String,
        usual: String?,
        check: (String) throws(UsageError) -> Value
    ) throws(UsageError) -> Value {
        while true {
            let hint = usual.map { $0.isEmpty ? "" : " [\($0.visible)]" } ?? ""
            show("\(question)\(hint)\n> ")
            guard let line = read() else {
                show("\n")
                throw .refused("no answer, so nothing was written")
            }
            let answer = line[...].trimmed
            guard let answer = answer.isEmpty ? usual : answer else { continue }
            do throws(UsageError) {
                return try check(answer)
            } catch {
                show(
                    (["  " + error.message.visible] + error.advice.map { "  " + $0.visible }).joined(separator: "\n")
                        + "\n"
                )
            }
        }
    }

    /// Asks for yes or no, until `check` lets the answer pass.
    func ask(_ question: String, usual: Bool, check: (Bool) throws(UsageError) -> Void) throws(UsageError) -> Bool {
        try ask(question + " (yes or no)", usual: usual ? "yes" : "no") { answer throws(UsageError) in
            let isYes =
                switch answer.lowercased() {
                case "yes", "y": true
                case "no", "n": false
                default: throw UsageError.refused("yes or no, not '\(answer)'")
                }
            try check(isYes)
            return isYes
        }
    }

    /// A line of standard input; no more than that is taken, since others may read on.
    private static func line() -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            let count = unsafe Libc.read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return bytes.isEmpty ? nil : ByteText.text(bytes) }
            if byte == UInt8(ascii: "\n") { return ByteText.text(bytes) }
            bytes.append(byte)
        }
    }
}
