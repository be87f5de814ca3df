import MHPipeKit
import MHPipePlan

/// How the stages of a plan are joined, by number, and which of them run on one queue.
///
/// What a stage gives is an *output*: one for each source and transform, one for each port of a transform that has some.
/// Stages fall into *sections*. Section 0 runs on every worker, with instances of its own. Each ordered transform begins
/// a section that runs once, on a queue of its own, and holds all that takes its events; where a stage takes events of
/// several sections, it is in the last of them.
struct StageGraph: Sendable {
    /// An output whose events a stage takes.
    struct Input: Sendable, Hashable {
        /// Its number: those of sources first, then those of transforms, each in the order of the plan.
        let output: Int
        /// True for the last stage of the section that takes its events.
        let isLast: Bool
    }

    /// A stage that takes events inside a section.
    struct Step: Sendable {
        /// Its number among the transforms or the sinks of the plan.
        let stage: Int
        /// What it takes, in the order of its `inputs`.
        var inputs: [Input]
    }

    /// Stages that run on one queue.
    struct Section: Sendable {
        /// The ordered transform that it begins with; nil for the workers' section.
        var head: Int?
        /// The other transforms, each behind those whose events it takes.
        var transforms: [Step] = []
        /// The sinks that are given events.
        var sinks: [Step] = []
        /// The transforms of later sections that are handed events.
        var exports: [Step] = []
        /// The sections that hand events to this one, in order.
        var producers: [Int] = []
    }

    /// The sections; events go to later ones only.
    private(set) var sections: [Section] = [Section()]
    /// For each transform, its section.
    private(set) var transformSections: [Int] = []
    /// For each sink, the sections that give it events, in order.
    private(set) var sinkSections: [[Int]] = []
    /// For each transform, its outputs.
    private(set) var outputs: [Range<Int>] = []
    private(set) var outputCount: Int
    /// True when an event can reach sinks by more than one way, so that counting those that were kept needs marks, and where
    /// marks are wanted otherwise.
    let branches: Bool
    /// The number of each output, by the name that `inputs` have for it.
    private var numbers: [String: Int] = [:]

    /// For each source, what `firstSteps(behind:)` gives: asked of every unit, and always the same.
    private var firstSteps: [[Int]?] = []

    /// The steps of the workers' section that take all events of a source; nil where anything else takes some of them.
    func firstSteps(behind source: Int) -> [Int]? { firstSteps[source] }

    private func findFirstSteps(behind source: Int) -> [Int]? {
        func takes(_ step: Step) -> Bool { step.inputs.contains { $0.output == source } }
        guard !sections[0].sinks.contains(where: takes), !sections[0].exports.contains(where: takes) else { return nil }
        return sections[0].transforms.indices.filter { takes(sections[0].transforms[$0]) }
    }

    /// The number of the output that an input names.
    func number(_ input: String) -> Int? { numbers[input] }

    /// Joins the stages of a plan; `isTraced` has marks for a run that follows events from stage to stage.
    init(_ plan: PipelinePlan, isTraced: Bool = false) {
        var numbers: [String: Int] = [:]
        var outputSections = plan.sources.map { _ in 0 }
        for (number, source) in plan.sources.enumerated() { numbers[source.name] = number }
        func taken(_ inputs: [String]) -> [Int] { inputs.compactMap { numbers[$0] } }

        for (transform, stage) in plan.transforms.enumerated() {
            var section = taken(stage.inputs).map { outputSections[$0] }.max() ?? 0
            if stage.isOrdered {
                section = sections.count
                sections.append(Section(head: transform))
            }
            transformSections.append(section)
            let names = stage.ports.isEmpty ? [stage.name] : stage.ports.map { "\(stage.name).\($0)" }
            outputs.append(outputSections.count..<outputSections.count + names.count)
            for name in names {
                numbers[name] = outputSections.count
                outputSections.append(section)
            }
        }
        self.numbers = numbers
        outputCount = outputSections.count
        let takers = (plan.transforms.map(\.inputs) + plan.sinks.map(\.inputs)).map(taken)
        branches = isTraced || outputSections.indices.contains { output in takers.count { $0.contains(output) } > 1 }

        for (transform, stage) in plan.transforms.enumerated() {
            add(transform, taken(stage.inputs), outputSections)
        }
        for (sink, stage) in plan.sinks.enumerated() {
            let inputs = taken(stage.inputs)
            let from = Set(inputs.map { outputSections[$0] }).sorted()
            sinkSections.append(from)
            for section in from {
                let own = inputs.filter { outputSections[$0] == section }
                sections[section].sinks.append(Step(stage: sink, inputs: own.map { Input(output: $0, isLast: false) }))
            }
        }
        for section in sections.indices { markLast(section) }
        firstSteps = plan.sources.indices.map(findFirstSteps)
    }

    /// Puts a transform into its section, and hands it what comes from earlier ones.
    private mutating func add(_ transform: Int, _ inputs: [Int], _ outputSections: [Int]) {
        let section = transformSections[transform]
        for from in Set(inputs.map { outputSections[$0] }).sorted() {
            let own = inputs.filter { outputSections[$0] == from }.map { Input(output: $0, isLast: false) }
            let step = Step(stage: transform, inputs: own)
            if from == section {
                sections[section].transforms.append(step)
            } else {
                sections[from].exports.append(step)
                if !sections[section].producers.contains(from) { sections[section].producers.append(from) }
            }
        }
        // One that takes events of earlier sections only is still run here.
        if sections[section].head != transform, !sections[section].transforms.contains(where: { $0.stage == transform })
        {
            sections[section].transforms.append(Step(stage: transform, inputs: []))
        }
        sections[section].producers.sort()
    }

    /// Finds who takes an output last: transforms take before sinks, and sinks before later sections.
    private mutating func markLast(_ section: Int) {
        var seen: Set<Int> = []
        func marked(_ step: Step) -> Step {
            var step = step
            step.inputs = step.inputs.reversed().map {
                Input(output: $0.output, isLast: seen.insert($0.output).inserted)
            }
            .reversed()
            return step
        }
        sections[section].exports = sections[section].exports.reversed().map(marked).reversed()
        sections[section].sinks = sections[section].sinks.reversed().map(marked).reversed()
        sections[section].transforms = sections[section].transforms.reversed().map(marked).reversed()
    }
}
