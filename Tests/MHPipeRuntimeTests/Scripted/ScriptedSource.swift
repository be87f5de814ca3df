import MHPipeKit
import MHPipeTestSupport

/// Hands out the units that a test gives it.
struct ScriptedSource: ListedSource, SelectingSource {
    static let name = "scripted_source"
    static let summary = "Hands out the units that a test gives it."

    struct Options: PluginOptions {
        var units: [any SourceUnit] = []
        var unreadable: [UnreadableInput] = []
        var failure: StageError?
        var selection: EventSelection?

        static let all: [Option<Options>] = []
    }

    private let options: Options
    var selection: EventSelection? { options.selection }

    init(_ options: Options, _ context: PluginContext) {
        self.options = options
    }

    func units(report: (UnreadableInput) -> Void) throws -> [any SourceUnit] {
        if let failure = options.failure { throw failure }
        options.unreadable.forEach(report)
        return options.units
    }
}

/// A unit that does something before it opens: waits at a gate, or fails.
struct ScriptedUnit: SourceUnit {
    let base: MemoryUnit
    let beforeOpening: @Sendable () throws -> Void

    init(_ base: MemoryUnit, beforeOpening: @escaping @Sendable () throws -> Void) {
        self.base = base
        self.beforeOpening = beforeOpening
    }

    var name: String { base.name }
    var size: Int? { base.size }

    func open() throws -> any ByteStream {
        try beforeOpening()
        return base.open()
    }
}
