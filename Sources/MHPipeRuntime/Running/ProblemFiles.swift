import MHPipeKit

/// The files with problems, each once; a run keeps the first of them.
final class ProblemFiles: Sendable {
    private struct State {
        var files: [RunReport.ProblemFile] = []
        var more = 0
        var lastFile: String?
    }

    /// Enough for anyone who looks, and no memory to speak of.
    private static let most = 1000

    private let state = Locked(State())

    /// Those that are kept.
    var files: [RunReport.ProblemFile] { state.withLock { $0.files } }

    /// How many there are behind those.
    var more: Int { state.withLock { $0.more } }

    /// Adds a problem; those of one file come one after the other.
    func add(_ problem: InputProblem) {
        state.withLock { state in
            let isNew = problem.file != state.lastFile
            state.lastFile = problem.file
            if isNew, state.files.count < Self.most {
                state.files.append(RunReport.ProblemFile(problem))
            } else if isNew {
                state.more += 1
            } else if state.more == 0 {
                state.files[state.files.count - 1].add(problem)
            }
        }
    }
}

extension RunReport.ProblemFile {
    fileprivate init(_ problem: InputProblem) {
        self.init(file: problem.file, scope: problem.scope.rawValue, problems: 1, reason: problem.reason)
    }

    fileprivate mutating func add(_ problem: InputProblem) {
        problems += 1
        if problem.scope != .record { scope = problem.scope.rawValue }
    }
}
