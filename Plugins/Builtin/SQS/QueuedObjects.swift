import MHPipeKit

/// What a run, or a round of a watch, reads of a queue.
final class QueuedObjects: FileListing {
    private let deliveries: QueueDeliveries
    private let rounds: WatchRounds?
    private let onEnd: () -> Void
    private var isAtEnd = false

    /// - Parameters:
    ///   - deliveries: What the queue gives.
    ///   - rounds: The watch that the run is a round of.
    ///   - onEnd: Called once, when there is nothing more.
    init(_ deliveries: QueueDeliveries, rounds: WatchRounds? = nil, onEnd: @escaping () -> Void = {}) {
        self.deliveries = deliveries
        self.rounds = rounds
        self.onEnd = onEnd
    }

    /// As many as may be asked for at once.
    let readAhead = 64

    func next() throws -> NextUnit {
        var hasWaited = false
        while !isAtEnd {
            switch try deliveries.look() {
            case .ready where rounds?.isOverBeforeUnit() == true: end()
            case .ready:
                // Nil for an object that was named before, or is not read.
                if let next = try deliveries.next() { return next }
            // A round of a watch is over when nothing is there.
            case .notYet where rounds != nil && !deliveries.isBusy: end()
            case .notYet where hasWaited: return .notYet(retryIn: .milliseconds(1))
            case .notYet:
                deliveries.waitABit()
                hasWaited = true
            case .end: end()
            }
        }
        return .end
    }

    private func end() {
        isAtEnd = true
        onEnd()
    }

    var tally: InputTally { deliveries.tally }

    var keySighting: SelectionSighting { deliveries.sighting }

    func name(of file: FileReference) -> String? { nil }
}
