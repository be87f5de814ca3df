import MHPipeKit

@testable import MHPipeCommand

/// Keeps what is written to it.
final class RecordedOutput: TextOutput {
    let isTerminal: Bool
    let isInForeground: Bool
    let columns: Int?
    private let state = Locked("")

    init(isTerminal: Bool = false, isInForeground: Bool = true, columns: Int? = nil) {
        self.isTerminal = isTerminal
        self.isInForeground = isInForeground
        self.columns = columns
    }

    var text: String { state.withLock { $0 } }

    func write(_ text: String) {
        state.withLock { $0 += text }
    }
}
