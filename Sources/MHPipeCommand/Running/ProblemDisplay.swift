import MHPipeRuntime
import Synchronization

/// Shows the problems in the input, one line each, as they come.
///
/// On a terminal a file shows its first few problems, and a run its first few hundred, so that what matters does not
/// scroll away; what is not shown is counted, and said. Anywhere else every problem has its line.
final class ProblemDisplay: Sendable {
    private struct State {
        var file = ""
        var shownOfFile = 0
        var hiddenOfFile = 0
        var shown = 0
        var hidden = 0
    }

    /// The problems of one file that a terminal shows.
    static let limitOfFile = 20
    /// The problems of a run that a terminal shows.
    static let limit = 200

    private let console: Console
    private let isLimited: Bool
    private let state = Mutex(State())

    init(console: Console) {
        self.console = console
        isLimited = console.standardError.isTerminal
    }

    /// Shows a problem, or counts it.
    ///
    /// Any queue may call it.
    func add(_ problem: InputProblem) {
        state.withLock { state in
            if problem.file != state.file { finishFile(&state, next: problem.file) }
            if isLimited, state.shown >= Self.limit {
                state.hidden += 1
            } else if isLimited, state.shownOfFile >= Self.limitOfFile {
                state.hiddenOfFile += 1
            } else {
                state.shownOfFile += 1
                state.shown += 1
                console.say(problem.description)
            }
        }
    }

    /// Says how many problems were not shown.
    ///
    /// Called once, after the last problem.
    func finish() {
        state.withLock { state in
            finishFile(&state, next: "")
            guard state.hidden > 0 else { return }
            console.say("\(Readable.count(state.hidden, "more problem")) not shown; the summary counts them all")
        }
    }

    private func finishFile(_ state: inout State, next: String) {
        if state.hiddenOfFile > 0 {
            console.say("\(state.file): \(Readable.count(state.hiddenOfFile, "more problem")) not shown")
        }
        state.file = next
        state.shownOfFile = 0
        state.hiddenOfFile = 0
    }
}
