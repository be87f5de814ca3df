import Dispatch
import MHPipeAWS
import MHPipeKit

/// The objects that the messages of a queue name, as units, and what became of each message.
///
/// A message is deleted when all that it names was read and committed. One that cannot be understood, or names what cannot
/// be read, is given up after some tries, when the quarantine keeps it.
final class QueueDeliveries:
    @unchecked Sendable /* one round at a time works with it; what others ask is the intake's */
{
    /// What becomes of messages that cannot be read.
    struct Manner: Sendable {
        var tries = 3
        var hasQuarantine = false
    }

    /// A message that is worked on.
    private struct Work {
        var message: QueueMessage
        /// How many of its objects nobody knows the end of.
        var open = 0
        var hasFailed = false
    }

    private enum Step {
        case object(AnnouncedObjects.Lookup, of: String)
        case broken(UnreadableInput, of: String)

        var message: String {
            switch self {
            case .object(_, let id), .broken(_, let id): id
            }
        }
    }

    /// What is known of the next unit.
    enum Readiness {
        case ready
        case notYet
        case end
    }

    private let intake: QueueIntake
    private let objects: AnnouncedObjects
    private let manner: Manner
    /// Signalled when there may be something.
    private let bell: DispatchSemaphore
    private let warn: @Sendable (String) -> Void
    private var works: [String: Work] = [:]
    private var steps: [Step] = []
    private var first = 0
    /// The messages that wait for what becomes of a unit.
    private var waiting: [UnitID: [String]] = [:]
    /// Messages of which nothing is to be read.
    private var idle: [String] = []
    private var housekeeping: [String: Int] = [:]
    private var taken = 0
    private(set) var tally = InputTally()

    init(
        _ intake: QueueIntake,
        _ objects: AnnouncedObjects,
        _ manner: Manner,
        _ bell: DispatchSemaphore,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.intake = intake
        self.objects = objects
        self.manner = manner
        self.bell = bell
        self.warn = warn
    }

    /// True when a message is worked on that nothing was handed out of yet.
    var isWaiting: Bool { !steps.isEmpty || !idle.isEmpty }

    /// True while somebody is asked who answers soon.
    var isBusy: Bool { first < steps.count || intake.isProbing || intake.isStarting || intake.isFresh }

    var sighting: SelectionSighting { objects.sighting }

    /// How many messages were taken so far.
    var messages: Int { taken }

    // MARK: - Units

    /// Waits for something to come, for a short time.
    func waitABit() { _ = bell.wait(timeout: .now() + .milliseconds(50)) }

    /// Looks whether there is a unit.
    func look() throws -> Readiness {
        var isAtEnd = false
        while steps.count - first < AnnouncedObjects.mostLookups {
            switch try intake.next() {
            case .message(let message):
                try take(message)
                continue
            case .notYet: break
            case .end: isAtEnd = true
            }
            break
        }
        guard first < steps.count else { return isAtEnd ? .end : .notYet }
        if case .object(let lookup, _) = steps[first], !lookup.isThere { return .notYet }
        return .ready
    }

    /// The unit or what cannot be read that is ready; nil for an object that another message has named already.
    func next() throws -> NextUnit? {
        switch steps[first] {
        case .broken(let input, let message):
            drop()
            return note(UnitID(input.name), of: message, .unreadable(input))
        case .object(let lookup, let message):
            switch try objects.found(lookup) {
            case .notYet: return nil
            case .unit(let unit):
                drop()
                return note(unit.id, of: message, .unit(unit))
            case .unreadable(let input):
                drop()
                return note(UnitID(input.name), of: message, .unreadable(input))
            }
        }
    }

    private func drop() {
        first += 1
        guard first == steps.count || first > 1024 else { return }
        steps.removeFirst(first)
        first = 0
    }

    private func note(_ unit: UnitID, of message: String, _ next: NextUnit) -> NextUnit? {
        let isNew = waiting[unit] == nil
        waiting[unit, default: []].append(message)
        guard isNew else { return nil }
        tally.seen += 1
        return next
    }

    private func take(_ message: QueueMessage) throws {
        taken += 1
        var work = Work(message: message)
        defer { works[message.id] = work }
        let notice: DeliveryNotice
        do throws(DeliveryNotice.Unreadable) {
            notice = try DeliveryNotice(message.body)
        } catch {
            work.open = 1
            steps.append(.broken(broken(message, error.reason), of: message.id))
            return
        }
        for name in notice.housekeeping { housekeeping[name, default: 0] += 1 }
        tally.seen += notice.others
        tally.others += notice.others
        for location in notice.objects {
            switch try objects.choice(of: location) {
            case .read(let lookup):
                work.open += 1
                steps.append(.object(lookup, of: message.id))
            case .other:
                tally.seen += 1
                tally.others += 1
            case .pruned:
                tally.seen += 1
                tally.pruned += 1
            }
        }
        if work.open == 0 { idle.append(message.id) }
    }

    private func broken(_ message: QueueMessage, _ reason: String) -> UnreadableInput {
        var input = UnreadableInput(
            name: "message \(message.id) of queue '\(intake.queue.address.name)'",
            reason: reason
        )
        input.raw = Array(message.body.utf8)
        input.comesAgain = !isLastTry(message)
        return input
    }

    /// True when a message that fails is given up.
    private func isLastTry(_ message: QueueMessage) -> Bool {
        manner.hasQuarantine && message.receives >= manner.tries
    }

    // MARK: - What became of them

    /// Takes note of units that are committed, and deletes the messages that name nothing else.
    func committed(_ units: [UnitID]) throws {
        var done: [String] = []
        for unit in units {
            for message in waiting.removeValue(forKey: unit) ?? [] {
                works[message]?.open -= 1
                if let work = works[message], work.open == 0, !work.hasFailed { done.append(message) }
            }
        }
        try delete(done)
    }

    /// Takes note of units that could not be read, and gives up the messages that were tried often enough.
    func settled(reported: [UnitID]) throws {
        for unit in reported {
            for message in waiting.removeValue(forKey: unit) ?? [] {
                works[message]?.open -= 1
                works[message]?.hasFailed = true
            }
        }
        let failed = works.filter { $1.open == 0 && $1.hasFailed }
        let givenUp = failed.filter { isLastTry($1.message) }.map(\.key)
        let kept = failed.filter { !isLastTry($1.message) }.map(\.key)
        for id in kept { works[id] = nil }
        intake.letGo(kept)
        tell(givenUp: givenUp.count, kept: kept.count)
        defer { idle = [] }
        try delete(givenUp + idle)
    }

    private func delete(_ ids: [String]) throws {
        guard !ids.isEmpty else { return }
        let lapsed = intake.lapsedCount(of: ids)
        if lapsed > 0 {
            warn(
                "\(Self.count(lapsed, "message")) could not be kept from others to the end, who may read the same files: "
                    + "a longer `visibility` helps"
            )
        }
        for id in ids { works[id] = nil }
        try intake.delete(ids)
    }

    private func tell(givenUp: Int, kept: Int) {
        if givenUp > 0 {
            warn(
                "\(Self.count(givenUp, "message")) could not be read in \(Self.count(manner.tries, "try", "tries")): what they "
                    + "hold or name is in the quarantine, and they are deleted from the queue"
            )
        }
        if kept > 0 {
            let until =
                manner.hasQuarantine
                ? "given up after \(manner.tries)"
                : "never given up, since there is no `quarantine` to keep what they say"
            warn(
                "\(Self.count(kept, "message")) could not be read, and come again: they stay in the queue, and are \(until)"
            )
        }
        guard !housekeeping.isEmpty else { return }
        let parts = housekeeping.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
        warn("deleted what names no file: \(parts.joined(separator: ", "))")
        housekeeping = [:]
    }

    private static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    /// Ends a round of a watch: what one that failed had begun is worked on anew by the next; what was not settled although
    /// the others are committed comes again.
    func endRound(isCommitted: Bool) {
        let ids = isCommitted ? Set(waiting.values.joined()) : Set(works.keys).subtracting(idle)
        steps = steps[first...].filter { !ids.contains($0.message) }
        first = 0
        waiting = [:]
        for id in ids { works[id] = nil }
        if isCommitted { intake.letGo(Array(ids)) } else { intake.putBack(ids.sorted()) }
        tally = InputTally()
    }
}
