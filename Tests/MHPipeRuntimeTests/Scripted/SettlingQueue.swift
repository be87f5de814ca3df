import MHPipeKit

/// A queue that gives up what it has tried often enough, and says what it was told.
struct SettlingQueue: SettlingSource {
    static let name = "settling_queue"
    static let summary = "A queue that gives up what cannot be read."

    struct Options: PluginOptions {
        var steps: [NextUnit] = []
        var journal = QueueJournal()
        var failure: StageError?

        static let all: [Option<Options>] = []
    }

    private let options: Options

    init(_ options: Options, _ context: PluginContext) {
        self.options = options
    }

    func list() -> any UnitList { List(rest: options.steps[...]) }

    mutating func committed(_ units: [UnitID]) { options.journal.note("committed", units) }

    mutating func settled(reported: [UnitID]) throws {
        options.journal.note("settled", reported)
        if let failure = options.failure { throw failure }
    }

    mutating func released(_ units: [UnitID]) { options.journal.note("released", units) }

    mutating func ended() { options.journal.note("ended") }

    private final class List: UnitList {
        private var rest: ArraySlice<NextUnit>

        init(rest: ArraySlice<NextUnit>) {
            self.rest = rest
        }

        func next() -> NextUnit { rest.popFirst() ?? .end }
    }
}
