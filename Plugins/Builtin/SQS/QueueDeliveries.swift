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
        /// True when it names what is not read, and what no later run may want either.
        var leavesOut = false
        /// True when a run with a later `until` may want it, so that it stays in the queue.
        var isLater = false
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
    private var steps = PendingSteps<Step>()
    /// The messages that wait for what becomes of a unit.
    private var waiting: [UnitID: [String]] = [:]
    /// Messages of which nothing more is to be read.
    private var idle: [String] = []
    private var remarks = QueueRemarks()
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
    var isBusy: Bool { !steps.isEmpty || intake.isProbing || intake.isStarting || intake.isFresh }

    var sighting: SelectionSighting { objects.sighting }

    /// How many messages were taken so far.
    var messages: Int { taken }

    // MARK: - Units

    /// Begins a round of a watch, whose end lets go of what is read in it.
    func begin(_ stop: RunStop) { objects.begin(stop) }

    /// Waits for something to come, for a short time.
    func waitABit() { _ = bell.wait(timeout: .now() + .milliseconds(50)) }

    /// Looks whether there is a unit.
    func look() throws -> Readiness {
        var isAtEnd = false
        while steps.count < AnnouncedObjects.mostLookups {
            switch try intake.next() {
            case .message(let message):
                try take(message)
                continue
            case .notYet: break
            case .end: isAtEnd = true
            }
            break
        }
        switch steps.first {
        case nil: return isAtEnd ? .end : .notYet
        case .object(let lookup, _) where !lookup.isThere: return .notYet
        case .object, .broken: return .ready
        }
    }

    /// The unit or what cannot be read that is ready; nil for an object that another message has named already, or that is
    /// not read.
    func next() throws -> NextUnit? {
        switch steps.first {
        case nil: return nil
        case .broken(let input, let message):
            steps.removeFirst()
            return note(UnitID(input.name), of: message, .unreadable(input))
        case .object(let lookup, let message):
            switch try objects.found(lookup) {
            // The run is over, and nobody asks any more: to look again at once would be to do so for ever.
            case .notYet: return .notYet(retryIn: .milliseconds(1))
            case .output:
                steps.removeFirst()
                pass(message)
                return nil
            case .unit(let unit):
                steps.removeFirst()
                return note(unit.id, of: message, .unit(unit))
            case .unreadable(let input):
                steps.removeFirst()
                return note(UnitID(input.name), of: message, .unreadable(input))
            }
        }
    }

    /// Takes note that an object of a message was written by mhpipe.
    private func pass(_ message: String) {
        tally.seen += 1
        tally.others += 1
        remarks.outputs += 1
        works[message]?.open -= 1
        works[message]?.leavesOut = true
        if works[message]?.open == 0 { idle.append(message) }
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
        for name in notice.housekeeping { remarks.housekeeping[name, default: 0] += 1 }
        tally.seen += notice.others
        tally.others += notice.others
        for location in notice.objects {
            switch try objects.choice(of: location) {
            case .read(let lookup, let isLater):
                work.open += 1
                if isLater { work.isLater = true }
                steps.append(.object(lookup, of: message.id))
            case .other:
                tally.seen += 1
                tally.others += 1
                work.leavesOut = true
            case .pruned(let isLater):
                tally.seen += 1
                tally.pruned += 1
                if isLater { work.isLater = true } else { work.leavesOut = true }
            }
        }
        if work.open == 0 { idle.append(message.id) }
    }

    private func broken(_ message: QueueMessage, _ reason: String) -> UnreadableInput {
        // Each try is a unit of its own: a run that goes on behind the one before would take the last for done, and the
        // quarantine would not have what is given up.
        let times = QueueRemarks.count(message.receives, "time")
        let name = "message \(message.id) of queue '\(intake.queue.address.name)', received \(times)"
        var input = UnreadableInput(name: name, reason: reason)
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
                if let work = works[message], work.open == 0, !work.hasFailed, !work.isLater { done.append(message) }
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
        let ended = works.filter { $1.open == 0 }
        let later = ended.filter(\.value.isLater).map(\.key)
        let others = ended.filter { !$1.isLater }
        let failed = others.filter(\.value.hasFailed)
        let givenUp = failed.filter { isLastTry($1.message) }.map(\.key)
        let kept = failed.filter { !isLastTry($1.message) }.map(\.key)
        for id in kept + later { works[id] = nil }
        intake.letGo(kept)
        intake.putOff(later)
        idle = []
        (remarks.kept, remarks.later) = (kept.count, later.count)
        defer {
            for text in remarks.texts(manner) { warn(text) }
            remarks = QueueRemarks()
        }
        try delete(givenUp + others.filter { !$1.hasFailed }.map(\.key))
        remarks.givenUp = givenUp.count
    }

    private func delete(_ ids: [String]) throws {
        guard !ids.isEmpty else { return }
        let lapsed = intake.lapsedCount(of: ids)
        if lapsed > 0 {
            warn(
                "\(QueueRemarks.count(lapsed, "message")) could not be kept from others to the end, who may read the same "
                    + "files: a longer `visibility` helps"
            )
        }
        let leftOut = ids.count { works[$0]?.leavesOut == true }
        for id in ids { works[id] = nil }
        try intake.delete(ids)
        remarks.leftOut += leftOut
    }

    /// Ends a round of a watch: what one that failed had begun is worked on anew by the next; what was not settled although
    /// the others are committed comes again.
    func endRound(isCommitted: Bool) {
        let ids = isCommitted ? Set(waiting.values.joined()) : Set(works.keys).subtracting(idle)
        steps.removeAll { ids.contains($0.message) }
        waiting = [:]
        for id in ids { works[id] = nil }
        if isCommitted { intake.letGo(Array(ids)) } else { intake.putBack(ids.sorted()) }
        tally = InputTally()
    }
}
