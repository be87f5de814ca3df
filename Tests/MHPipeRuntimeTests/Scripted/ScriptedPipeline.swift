import MHPipeKit
import MHPipePlan
import MHPipeTestSupport

@testable import MHPipeRuntime

/// A plan that is put together in a test, and its run.
struct ScriptedPipeline {
    var plan = PipelinePlan(name: "test")

    /// Adds a source of units.
    mutating func source(
        _ units: [any SourceUnit],
        as name: String = "in",
        unreadable: [UnreadableInput] = [],
        selection: EventSelection? = nil
    ) {
        let options = ScriptedSource.Options(units: units, unreadable: unreadable, selection: selection)
        plan.sources.append(Stage(name, ScriptedSource.self, options))
    }

    /// Adds a transform.
    mutating func transform(
        _ name: String,
        after inputs: [String] = ["in"],
        finish: @escaping @Sendable () throws -> Void = {},
        drops: @escaping @Sendable () -> [FieldTest]? = { nil },
        _ work: @escaping @Sendable (EventBatch, PluginContext) throws -> Void
    ) {
        let options = ScriptedTransform.Options(work: work, finish: finish, dropTests: drops)
        plan.transforms.append(Stage(name, ScriptedTransform.self, options, inputs: inputs))
    }

    /// Adds a sink.
    @discardableResult
    mutating func sink(
        _ name: String = "out",
        _ inputs: [String] = ["in"],
        _ change: (inout ScriptedSink.Options) -> Void = { _ in }
    ) -> SinkJournal {
        var options = ScriptedSink.Options()
        change(&options)
        plan.sinks.append(Stage(name, ScriptedSink.self, options, inputs: inputs))
        return options.journal
    }

    /// Runs the plan.
    func run(
        workers: Int = 2,
        observer: RunObserver = RunObserver(),
        windowBytes: Int = UnitReader.usualWindowBytes,
        proof: ObjectProof? = .usual,
        retries: Retries = Retries()
    ) throws -> RunReport {
        var plan = plan
        plan.settings.workers = workers
        return try PipelineRun(plan, observer: observer, windowBytes: windowBytes, proof: proof, retries: retries).run()
    }
}

/// The problems that a run told of, in order.
final class ProblemList: Sendable {
    private let list = Locked<[InputProblem]>([])

    var observer: RunObserver {
        RunObserver(problem: { [self] problem in list.withLock { $0.append(problem) } })
    }

    var all: [InputProblem] { list.withLock { $0 } }
    var texts: [String] { all.map(\.description) }
}
