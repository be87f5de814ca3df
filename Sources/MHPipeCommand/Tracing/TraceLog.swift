import MHPipeKit
import MHPipeRuntime

/// Writes down what the stages of a run did with the events that somebody asks about.
final class TraceLog: StageTracing {
    /// The events that are followed.
    enum Wanted {
        case all
        /// Those with this eventID.
        case id(String)
    }

    /// A stage, by its number in the plan.
    enum Place: Hashable, Sendable {
        case source(Int)
        case transform(Int)
        case sink(Int)
    }

    /// What a stage was seen to do.
    enum Act: Sendable {
        /// It was given the event, which looked so; `drop` says why it does not go on, where it does not.
        case took(String, reasons: [Reason], drop: [Reason])
        /// It gave the event, which then looked so.
        case gave(String, port: Int)
        case rejected(String)
        /// What a sink would write of the event.
        case showed(SinkView)
    }

    /// One act of a stage.
    struct Entry: Sendable {
        /// The number of the event.
        let event: Int
        let place: Place
        let act: Act
    }

    /// An event as it was read, or as a stage made it.
    struct Origin: Sendable {
        /// The source, or the transform that has made it.
        let place: Place
        let unit: String
        /// Its number in the unit, from 0; without meaning for one that was made.
        let record: Int
        let json: String
    }

    private struct Key: Hashable {
        let marks: ObjectIdentifier
        let row: Int

        init(_ mark: EventMark) {
            (marks, row) = (ObjectIdentifier(mark.marks), mark.row)
        }
    }

    /// A sink that shows what it would write.
    private struct Viewer: @unchecked Sendable /* used under the log's lock only */ {
        let sink: any ViewingSink
    }

    private struct State {
        var origins: [Origin] = []
        var entries: [Entry] = []
        private var numbers: [Key: Int] = [:]
        // Held, so that no other marks are found under their identity.
        private var marks: [EventMarks] = []
        /// The sinks that can show what they would write.
        var sinks: [Int: Viewer] = [:]

        func number(of mark: EventMark?) -> Int? { mark.flatMap { numbers[Key($0)] } }

        /// Follows an event from here on.
        mutating func begin(_ event: Event, at place: Place, _ json: String) -> Int {
            if let mark = event.mark {
                if marks.last !== mark.marks { marks.append(mark.marks) }
                numbers[Key(mark)] = origins.count
            }
            origins.append(Origin(place: place, unit: event.origin.unit, record: event.number, json: json))
            return origins.count - 1
        }
    }

    private let wanted: Wanted
    private let showsWritten: Bool
    private let idBytes: [UInt8]
    private let state = Locked(State())
    private static let id = FieldPath("eventID")

    /// - Parameters:
    ///   - wanted: The events that are followed.
    ///   - showsWritten: True where sinks are asked what they would write.
    init(_ wanted: Wanted, showsWritten: Bool = false) {
        (self.wanted, self.showsWritten) = (wanted, showsWritten)
        if case .id(let id) = wanted { idBytes = Array(id.utf8) } else { idBytes = [] }
    }

    /// The events that were followed, in the order in which they were read; call it behind the run.
    var origins: [Origin] { state.withLock { $0.origins } }

    /// What stages did, each event's in the order of its way; likewise.
    var entries: [Entry] { state.withLock { $0.entries } }

    func read(_ batch: EventBatch, from source: Int) {
        let found = batch.filter { isWanted($0) }
        guard !found.isEmpty else { return }
        state.withLock { state in
            for event in found {
                let json = event.enrichedJSON
                let number = state.begin(event, at: .source(source), json)
                let act = Act.took(json, reasons: [], drop: Self.selectedBy(event))
                state.entries.append(Entry(event: number, place: .source(source), act: act))
            }
        }
    }

    func selected(_ batch: EventBatch, of source: Int) {
        note(batch, .source(source)) { .gave($0.enrichedJSON, port: 0) }
    }

    func willTake(_ batch: EventBatch, transform: Int, reasoning: (any ReasoningTransform)?) {
        note(batch, .transform(transform)) { event in
            .took(
                event.enrichedJSON,
                reasons: reasoning?.reasons(event) ?? [],
                drop: reasoning?.dropReasons(event) ?? []
            )
        }
    }

    func gave(_ batch: EventBatch, transform: Int, port: Int) {
        note(batch, .transform(transform)) { .gave($0.enrichedJSON, port: port) }
    }

    func rejected(_ event: EventRejection, transform: Int) { note(event, .transform(transform)) }

    func willTake(_ batch: EventBatch, sink: Int) {
        note(batch, .sink(sink)) { .took($0.enrichedJSON, reasons: [], drop: []) }
        guard showsWritten else { return }
        state.withLock { state in
            guard let viewer = state.sinks[sink] else { return }
            for event in batch {
                guard let number = state.number(of: event.mark) else { continue }
                let view = viewer.sink.view(of: event)
                state.entries.append(Entry(event: number, place: .sink(sink), act: .showed(view)))
            }
        }
    }

    /// Has a sink asked what it would write.
    func view(_ sink: any ViewingSink, _ number: Int) {
        let viewer = Viewer(sink: sink)
        state.withLock { $0.sinks[number] = viewer }
    }

    func rejected(_ event: EventRejection, sink: Int) { note(event, .sink(sink)) }

    private func note(_ batch: EventBatch, _ place: Place, _ act: (Event) -> Act) {
        state.withLock { state in
            for event in batch {
                let known = state.number(of: event.mark)
                guard known != nil || keepsMade else { continue }
                let number = known ?? state.begin(event, at: place, event.enrichedJSON)
                state.entries.append(Entry(event: number, place: place, act: act(event)))
            }
        }
    }

    private func note(_ event: EventRejection, _ place: Place) {
        state.withLock { state in
            guard let number = state.number(of: event.mark) else { return }
            state.entries.append(Entry(event: number, place: place, act: .rejected(event.reason)))
        }
    }

    /// Where all events are followed, those that stages make are as well.
    private var keepsMade: Bool { if case .all = wanted { true } else { false } }

    private func isWanted(_ event: Event) -> Bool {
        if case .all = wanted { return true }
        let slice = FieldReader(Self.id, event.batch).slice(event.row)
        guard slice.kind == .string else { return false }
        return slice.isEscaped
            ? slice.string.map { Array($0.utf8) == idBytes } ?? false : unsafe slice.bytes.elementsEqual(idBytes)
    }

    /// What a source selects by.
    private static func selectedBy(_ event: Event) -> [Reason] {
        let readings = ["recipientAccountId", "awsRegion", "eventTime"].map {
            Reason.Reading(field: $0, json: event[FieldPath($0)]?.json)
        }
        return [Reason("the source does not select it", readings)]
    }
}
