import MHPipeKit

/// Does what a test gives it to do.
struct ScriptedTransform: EarlyDropping {
    static let name = "scripted_transform"
    static let summary = "Does what a test gives it to do."

    struct Options: PluginOptions {
        var work: @Sendable (EventBatch, PluginContext) throws -> Void = { _, _ in }
        var finish: @Sendable () throws -> Void = {}
        var dropTests: @Sendable () -> [FieldTest]? = { nil }

        static let all: [Option<Options>] = []
    }

    private let options: Options
    private let context: PluginContext

    init(_ options: Options, _ context: PluginContext) {
        self.options = options
        self.context = context
    }

    mutating func process(_ batch: EventBatch) throws {
        try options.work(batch, context)
    }

    var dropTests: [FieldTest]? { options.dropTests() }

    mutating func noteDropped() {}

    mutating func finish() throws {
        try options.finish()
    }
}
