import MHPipeKit

/// Standard output and standard error under one lock, so that what several queues say never interleaves.
///
/// Standard output carries data only. Every line on standard error starts with `mhpipe: `, but for excerpts of pipeline
/// files (`error:` and `warning:` with what follows them), further lines of a message, which are indented, and the
/// progress line.
final class Console: Sendable {
    private struct State {
        var progressLine = ""
    }

    /// Where messages go.
    let standardError: any TextOutput
    /// Where data goes.
    let standardOutput: any TextOutput
    /// True when standard error is a terminal that can take a line back.
    let canRedraw: Bool
    /// True when messages may be coloured, by https://no-color.org.
    let isColored: Bool
    private let state = Locked(State())

    init(standardOutput: any TextOutput, standardError: any TextOutput, environment: [String: String] = [:]) {
        self.standardOutput = standardOutput
        self.standardError = standardError
        canRedraw = standardError.isTerminal && environment["TERM"] != "dumb"
        isColored = canRedraw && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// The characters that a line of help may have.
    var helpWidth: Int { standardOutput.columns.map { min(max($0, 30), HelpPage.widest) } ?? HelpPage.widest }

    /// The same for lists, which stay a line an entry where a program may read them.
    var listWidth: Int { standardOutput.isTerminal ? helpWidth : .max }

    /// Writes data to standard output.
    ///
    /// - Throws: `StageError`; `isClosedPipe` when the reader went away.
    func write(_ text: String) throws {
        try state.withLock { state in
            if standardOutput.isTerminal { erase(&state) }
            try standardOutput.write(text)
        }
    }

    /// Writes bytes to standard output, which may be no text.
    ///
    /// - Throws: As for a text.
    func write(_ bytes: [UInt8]) throws {
        try state.withLock { state in
            if standardOutput.isTerminal { erase(&state) }
            try standardOutput.write(bytes)
        }
    }

    /// Shows a message: `mhpipe: ` before it, and what to do about it on lines of their own.
    ///
    /// What a terminal would act on is written out, since file names and reasons come from anywhere.
    func say(_ message: String, advice: [String] = []) {
        show((["mhpipe: " + message.visible] + advice.map { "  " + $0.visible }).joined(separator: "\n"))
    }

    /// Shows text on standard error as it is, with a line end.
    func show(_ text: String) {
        state.withLock { state in
            erase(&state)
            put(text.hasSuffix("\n") ? text : text + "\n")
        }
    }

    /// Shows a line that the next message or line replaces; an empty one erases it.
    ///
    /// It is cut to the terminal's width as it is now, since a line that wraps cannot be taken back. In the background it
    /// is not shown, since it would be drawn over what others write.
    func showProgress(_ line: String) {
        state.withLock { state in
            guard standardError.isInForeground else { return state.progressLine = "" }
            let width = (standardError.columns ?? 80) - 1
            let line = String(line.prefix(max(width, 0)))
            guard line != state.progressLine else { return }
            put("\r" + line + Self.eraseToEnd)
            state.progressLine = line
        }
    }

    /// Erases the progress line, unless someone is writing at this moment; for the end of the process.
    func abandonProgress() {
        _ = state.withLockIfAvailable { erase(&$0) }
    }

    private static let eraseToEnd = "\u{1B}[K"

    private func erase(_ state: inout State) {
        guard !state.progressLine.isEmpty else { return }
        put("\r" + Self.eraseToEnd)
        state.progressLine = ""
    }

    /// A message that cannot be shown has nowhere else to go.
    private func put(_ text: String) {
        try? standardError.write(text)
    }
}
