import MHPipeKit

/// Follows a queue from round to round of a watch.
final class QueueFollower: WatchFollower {
    let intake: QueueIntake
    let deliveries: QueueDeliveries

    init(_ intake: QueueIntake, _ deliveries: QueueDeliveries) {
        self.intake = intake
        self.deliveries = deliveries
    }

    var hasNews: Bool { intake.hasNews || deliveries.isWaiting }

    var waiting: WatchBacklog { intake.waiting }

    func endRound(isCommitted: Bool) { deliveries.endRound(isCommitted: isCommitted) }

    func end() { intake.end(within: .seconds(2)) }
}
