import Dispatch
import MHPipeAWS
import MHPipeKit

/// The objects that saved messages name, as units that are pulled.
final class NoticedObjects: FileListing {
    private enum Step {
        case object(AnnouncedObjects.Lookup)
        case broken(UnreadableInput)
    }

    private let name: String
    private let objects: AnnouncedObjects
    private let bell: DispatchSemaphore
    private let warn: @Sendable (String) -> Void
    private var texts: NoticeTexts
    private var steps = PendingSteps<Step>()
    private var isRead = false
    private var isAtEnd = false
    /// Those that were handed out, since messages come more than once.
    private var known: Set<UnitID> = []
    private var housekeeping = 0
    private var outputs = 0
    private(set) var tally = InputTally()

    /// - Parameters:
    ///   - name: What messages call the file.
    ///   - texts: What it holds.
    ///   - objects: Looks objects up.
    ///   - bell: Signalled when a lookup is there.
    ///   - warn: Tells the user.
    init(
        _ name: String,
        _ texts: NoticeTexts,
        _ objects: AnnouncedObjects,
        _ bell: DispatchSemaphore,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.name = name
        self.texts = texts
        self.objects = objects
        self.bell = bell
        self.warn = warn
    }

    /// As many as may be asked for at once.
    let readAhead = 64

    func next() throws -> NextUnit {
        var hasWaited = false
        while !isAtEnd {
            try fill()
            switch steps.first {
            case nil: end()
            case .broken(let input):
                steps.removeFirst()
                tally.seen += 1
                return .unreadable(input)
            case .object(let lookup):
                switch try objects.found(lookup) {
                case .notYet where hasWaited: return .notYet(retryIn: .milliseconds(1))
                case .notYet:
                    _ = bell.wait(timeout: .now() + .milliseconds(50))
                    hasWaited = true
                case .output:
                    steps.removeFirst()
                    outputs += 1
                    tally.seen += 1
                    tally.others += 1
                case .unit(let unit):
                    steps.removeFirst()
                    if isNew(unit.id) { return .unit(unit) }
                case .unreadable(let input):
                    steps.removeFirst()
                    if isNew(UnitID(input.name)) { return .unreadable(input) }
                }
            }
        }
        return .end
    }

    private func isNew(_ unit: UnitID) -> Bool {
        guard known.insert(unit).inserted else { return false }
        tally.seen += 1
        return true
    }

    private func fill() throws {
        while !isRead, steps.count < AnnouncedObjects.mostLookups {
            guard let (text, line) = try texts.next() else {
                isRead = true
                return
            }
            if let location = S3Location(text), !location.key.isEmpty {
                try take(location, isNamed: true)
                continue
            }
            let notice: DeliveryNotice
            do throws(DeliveryNotice.Unreadable) {
                notice = try DeliveryNotice(text)
            } catch {
                var input = UnreadableInput(name: "\(name): line \(line)", reason: error.reason)
                input.raw = Array(text.utf8)
                steps.append(.broken(input))
                continue
            }
            housekeeping += notice.housekeeping.count
            tally.seen += notice.others
            tally.others += notice.others
            for location in notice.objects { try take(location) }
        }
    }

    private func take(_ location: S3Location, isNamed: Bool = false) throws {
        switch try objects.choice(of: location, isNamed: isNamed) {
        case .read(let lookup, _): steps.append(.object(lookup))
        case .other:
            tally.seen += 1
            tally.others += 1
        case .pruned:
            tally.seen += 1
            tally.pruned += 1
        }
    }

    private func end() {
        isAtEnd = true
        if outputs > 0 { warn(AnnouncedObjects.words(ofOutputs: outputs)) }
        if tally.seen == 0, housekeeping == 0 { warn("nothing to read: '\(name)' holds no message") }
    }

    var keySighting: SelectionSighting { objects.sighting }

    func name(of file: FileReference) -> String? { nil }
}
