import MHPipeKit
import MHPipePlan

/// Answers what a test has it answer, pull by pull.
struct PulledSource: Source {
    static let name = "pulled_source"
    static let summary = "Answers what a test has it answer."

    struct Options: PluginOptions {
        var next: @Sendable (_ pull: Int) throws -> NextUnit = { _ in .end }
        var readAhead = 0

        static let all: [Option<Options>] = []
    }

    private let options: Options

    init(_ options: Options, _ context: PluginContext) {
        self.options = options
    }

    func list() -> any UnitList { List(options) }

    private final class List: UnitList {
        private let options: Options
        private var pulls = 0

        init(_ options: Options) {
            self.options = options
        }

        var readAhead: Int { options.readAhead }

        func next() throws -> NextUnit {
            defer { pulls += 1 }
            return try options.next(pulls)
        }
    }
}

extension ScriptedPipeline {
    /// Adds a source that is pulled.
    mutating func pulled(
        readAhead: Int = 0,
        as name: String = "in",
        _ next: @escaping @Sendable (_ pull: Int) throws -> NextUnit
    ) {
        plan.sources.append(Stage(name, PulledSource.self, PulledSource.Options(next: next, readAhead: readAhead)))
    }
}
