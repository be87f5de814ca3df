import Dispatch
import MHPipeAWS
import MHPipeKit

/// Reads the objects that the messages of a queue of SQS name, and deletes each message when all that came of it is in its
/// place.
struct SQSSource: SettlingSource, SelectingSource, DescribedSource {
    static let name = "sqs"
    static let summary =
        "Reads the objects of S3 that the messages of a queue of SQS tell of, and deletes what was read."

    struct Options: AnnouncedOptions {
        var queue = QueueURL()
        var watch = false
        var tries = 3
        var visibility: Age?
        var wait = Age(seconds: 20)
        var common = ObjectSource()

        var until: QueueEnd {
            get { selection.until.map(QueueEnd.time) ?? .empty }
            set { if case .time(let bound) = newValue { selection.until = bound } else { selection.until = nil } }
        }

        static let all: [Option<Options>] =
            [
                .required(
                    "queue",
                    \.queue,
                    "The queue, by its address.",
                    example: "https://sqs.eu-central-1.amazonaws.com/123456789012/trail"
                ),
                .optional(
                    "watch",
                    \.watch,
                    "Whether the queue is followed: files are read as they are announced, until the run is ended; otherwise it ends "
                        + "when the queue is empty.",
                    example: "true"
                ),
                .optional(
                    "tries",
                    \.tries,
                    "How often a message is received that cannot be understood, or names an object that cannot be read, before it is "
                        + "deleted, since the quarantine keeps it; without a quarantine it stays in the queue."
                ),
                .optional(
                    "visibility",
                    \.visibility,
                    "How long nobody else is given a message that was received; it is prolonged each time that half of it is over; "
                        + "left out, what the queue says.",
                    example: "5m"
                ),
                .optional(
                    "wait",
                    \.wait,
                    "How long the queue waits for a message before it counts as empty, up to 20s."
                ),
            ]
            + ofObjects().map { option in
                guard option.key == "until" else { return option }
                return .optional(
                    "until",
                    \.until,
                    "The time up to which events are read, with all of the day, month or second that it names; empty is for all "
                        + "that the queue has.",
                    example: "2026-05-31"
                )
            }
    }

    private final class Shared: Sendable {
        let follower = Locked<QueueFollower?>(nil)
    }

    private let options: Options
    private let context: PluginContext
    private let shared = Shared()
    let selection: EventSelection?

    init(_ options: Options, _ context: PluginContext) throws(OptionError) {
        self.options = options
        self.context = context
        selection = try options.selection.selection(context)
        guard options.tries > 0 else { throw OptionError(option: "tries", "needs at least 1") }
        guard options.wait.duration <= .seconds(20) else { throw OptionError(option: "wait", "can be 20s at most") }
        if let visibility = options.visibility {
            guard visibility.duration >= .seconds(1), visibility.duration <= .seconds(43_200) else {
                throw OptionError(option: "visibility", "needs at least 1s, and can be 12h at most")
            }
        }
    }

    func list() throws -> any UnitList {
        guard let rounds = context.rounds, options.watch else {
            let follower = try follow(stop: context.stop)
            shared.follower.withLock { $0 = follower }
            return QueuedObjects(follower.deliveries) { [context] in
                if follower.intake.isFull {
                    context.warn(
                        "the run ends with the queue not empty, since it holds as many messages as one run can"
                    )
                } else if follower.deliveries.messages == 0 {
                    context.warn("nothing to read: the queue is empty")
                } else if follower.intake.queue.address.isFIFO {
                    context.warn(
                        "there may be more in the queue: one that keeps the order (FIFO) gives no more of a message group while a run "
                            + "holds some of it, which are about ten; run again until it is empty, or with `watch: true`"
                    )
                }
            }
        }
        let follower = try rounds.follower(of: context.stage) {
            let follower = try follow(rounds)
            // What cannot be watched at all is said at once.
            try follower.intake.waitForStart(context.stop)
            return follower
        }
        shared.follower.withLock { $0 = follower }
        follower.deliveries.begin(context.stop)
        return QueuedObjects(follower.deliveries, rounds: rounds)
    }

    /// Begins to take messages.
    ///
    /// - Parameters:
    ///   - rounds: The watch that the run is a round of.
    ///   - stop: Ends the reading of objects; a watch reads on in its next round.
    /// - Returns: What the run pulls from.
    /// - Throws: `StageError` when AWS cannot be reached at all.
    private func follow(_ rounds: WatchRounds? = nil, stop: RunStop = RunStop()) throws -> QueueFollower {
        guard let address = options.queue.address else { throw StageError("there is no queue to read from") }
        let bell = DispatchSemaphore(value: 0)
        let onNews: @Sendable () -> Void = { [weak rounds] in
            bell.signal()
            rounds?.tell()
        }
        // What was received is given back when the run is over, so its end does not end that.
        let connection = try AWSConnection(options.connection.forAWS, warn: context.warn)
        let intake = try QueueIntake(
            address,
            QueueIntake.Manner(
                wait: options.wait.seconds,
                visibility: options.visibility?.seconds,
                isEndless: rounds != nil
            ),
            connection,
            onNews: onNews
        )
        let objects = AnnouncedObjects(
            try AWSConnection(like: connection, stop: stop),
            try options.objects.extras(),
            selection,
            stop: stop,
            onAnswer: onNews
        )
        let manner = QueueDeliveries.Manner(tries: options.tries, hasQuarantine: context.hasQuarantine)
        intake.start()
        return QueueFollower(intake, QueueDeliveries(intake, objects, manner, bell, warn: context.warn))
    }

    private var follower: QueueFollower? { shared.follower.withLock { $0 } }

    /// Only what the intake has found while it kept messages is asked for: it does that by itself.
    var extendInterval: Duration? { .seconds(1) }

    mutating func extend(_ inFlight: [UnitID]) throws {
        if let failure = follower?.intake.failure { throw failure }
    }

    mutating func committed(_ units: [UnitID]) throws { try follower?.deliveries.committed(units) }

    mutating func settled(reported: [UnitID]) throws { try follower?.deliveries.settled(reported: reported) }

    /// All that was received is given back, or kept for the next round.
    mutating func released(_ units: [UnitID]) { ended() }

    mutating func ended() {
        guard context.rounds == nil || !options.watch else { return }
        follower?.intake.end(within: context.stop.isUrgent ? .milliseconds(400) : .seconds(10))
    }

    static var takesAway: Bool { true }

    static func watches(_ options: Options) -> Bool { options.watch }

    static func warnings(_ options: Options) -> [OptionWarning] { options.selection.warnings }
}
