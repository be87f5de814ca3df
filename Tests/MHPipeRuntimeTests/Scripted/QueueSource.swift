import MHPipeKit

/// A queue of units, which says what it was told of them.
struct QueueSource: AcknowledgedSource {
    static let name = "queue_source"
    static let summary = "A queue of units."

    struct Options: PluginOptions {
        var units: [any SourceUnit] = []
        var journal = QueueJournal()
        var interval: Duration?
        var readAhead = 0
        var commitFailure: StageError?
        var extendFailure: StageError?

        static let all: [Option<Options>] = []
    }

    private let options: Options

    init(_ options: Options, _ context: PluginContext) {
        self.options = options
    }

    func list() -> any UnitList { List(options) }

    var extendInterval: Duration? { options.interval }

    mutating func extend(_ inFlight: [UnitID]) throws {
        options.journal.note("extend", inFlight)
        if let failure = options.extendFailure { throw failure }
    }

    mutating func committed(_ units: [UnitID]) throws {
        options.journal.note("committed", units)
        if let failure = options.commitFailure { throw failure }
    }

    mutating func released(_ units: [UnitID]) { options.journal.note("released", units) }

    private final class List: UnitList {
        private var rest: ArraySlice<any SourceUnit>
        let readAhead: Int

        init(_ options: Options) {
            rest = options.units[...]
            readAhead = options.readAhead
        }

        func next() -> NextUnit { rest.popFirst().map(NextUnit.unit) ?? .end }
    }
}

/// What an acknowledged source and the sinks of its run were told, in order.
final class QueueJournal: Sendable {
    private let state = Locked<[String]>([])
    private let whenNoted: @Sendable (String) -> Void

    init(whenNoted: @escaping @Sendable (String) -> Void = { _ in }) {
        self.whenNoted = whenNoted
    }

    func note(_ what: String, _ units: [UnitID] = []) {
        let line = ([what] + units.map(\.displayName)).joined(separator: " ")
        state.withLock { $0.append(line) }
        whenNoted(what)
    }

    var lines: [String] { state.withLock { $0 } }
}
