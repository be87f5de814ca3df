import MHPipeKit
import MHPipeRuntime

/// Shows the problems in the input, one line each, as they come: the first ten of each kind.
///
/// The rest is counted, and told at the end, so that a damaged file of millions of lines hides nothing else and needs no
/// memory.
final class ProblemDisplay: Sendable {
    /// The problems of one kind.
    private struct Entry {
        let reason: String
        var shown = 0
        var hidden = 0
        /// The files of those that are not shown; a file's problems come one behind the other.
        var files = 0
        var lastFile = ""
    }

    private struct State {
        /// The places in `entries` by kind.
        var places: [ProblemKind: Int] = [:]
        var entries: [Entry] = []
    }

    /// The problems of one kind that are shown.
    static let limit = 10
    /// The kinds that are told apart; those that come later count as one.
    static let maximumKinds = 50

    private let console: Console
    private let quarantine: String?
    private let state = Locked(State())

    /// - Parameters:
    ///   - console: Where problems are shown.
    ///   - quarantine: The file that keeps all of them; nil when none does.
    init(console: Console, quarantine: String? = nil) {
        self.console = console
        self.quarantine = quarantine
    }

    /// Shows a problem, or counts it.
    ///
    /// Any queue may call it.
    func add(_ problem: InputProblem) {
        state.withLock { state in
            let place = Self.place(of: ProblemKind(problem), &state)
            guard state.entries[place].shown == Self.limit else {
                state.entries[place].shown += 1
                return console.say(problem.description)
            }
            state.entries[place].hidden += 1
            if state.entries[place].files == 0 || state.entries[place].lastFile != problem.file {
                state.entries[place].files += 1
                state.entries[place].lastFile = problem.file
            }
        }
    }

    /// Says how many problems were not shown.
    ///
    /// Called once, after the last problem.
    func finish() {
        state.withLock { state in
            let hidden = state.entries.filter { $0.hidden > 0 }
            for (number, entry) in hidden.enumerated() {
                let count = "and \(Readable.count(entry.hidden)) more"
                let message =
                    entry.files == 1
                    ? "\(entry.lastFile): \(count): \(entry.reason)"
                    : "\(count) in \(Readable.count(entry.files)) files: \(entry.reason)"
                console.say(message, advice: number == hidden.count - 1 ? [advice] : [])
            }
        }
    }

    private var advice: String {
        quarantine.map { "all of them are in \($0)" } ?? "with --quarantine FILE, all of them are kept in a file"
    }

    private static func place(of kind: ProblemKind, _ state: inout State) -> Int {
        if let place = state.places[kind] { return place }
        if state.places.count == maximumKinds {
            // The entry behind all others has no kind of its own.
            if state.entries.count == maximumKinds { state.entries.append(Entry(reason: "other reasons")) }
            return maximumKinds
        }
        state.places[kind] = state.entries.count
        state.entries.append(Entry(reason: kind.reason))
        return state.entries.count - 1
    }
}
