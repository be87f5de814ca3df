import MHPipeKit
import MHPipePlan

/// What a run makes for its chains.
struct StageParts {
    /// The sinks, in the order of the plan.
    let sinks: [SinkRunner]
    /// For each source of the plan, the events that are asked for; nil for all.
    let selections: [EventSelection?]
    let pool: BufferPool
    /// Is told what each stage does, where somebody wants to know.
    let trace: (any StageTracing)?
    let encoder: (_ sink: Int) throws -> any EventEncoder
    /// Makes the surroundings of a stage.
    let context: (_ stage: String) -> PluginContext

    /// Makes the one instance of a transform that has state.
    func ordered(_ stage: Stage<any TransformPlugin>) throws -> any OrderedTransform {
        guard let transform = try stage.make(context(stage.name)) as? any OrderedTransform else {
            throw StageError("'\(stage.plugin)' is no OrderedTransform")
        }
        return transform
    }

    /// Makes an instance of a transform that has no state.
    func runner(_ stage: Stage<any TransformPlugin>) throws -> any TransformRunner {
        let made = try stage.make(context(stage.name))
        if let transform = cast(made, to: (any Transform).self) { return PlainRunner(transform) }
        if let transform = cast(made, to: (any RoutingTransform).self) {
            return RoutingRunner(transform, ports: stage.ports.count)
        }
        throw StageError("'\(stage.plugin)' is none of Transform, RoutingTransform and OrderedTransform")
    }
}
