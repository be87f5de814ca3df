import MHPipeKit

/// How many objects are archived, by their listing or when they were asked for; any thread may count.
final class ArchiveTally: Sendable {
    private let state = Locked(0)

    var count: Int { state.withLock { $0 } }

    func add() { state.withLock { $0 += 1 } }
}
