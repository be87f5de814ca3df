public import MHPipeKit
import MHPipePlan

/// The check of a pipeline: a tree and the plugins in, a plan or every mistake out.
public enum PipelineCheck {
    /// Checks a tree, which need not come from a file.
    ///
    /// - Parameters:
    ///   - tree: The pipeline, as a file would have it.
    ///   - plugins: The plugins that it may name.
    ///   - loader: What loads the libraries that it names.
    ///   - outputs: Says what keeps its outputs from being written.
    ///   - files: The files that a command line names beside it.
    /// - Returns: The plan, nil after a mistake, and every mistake and warning; those with a place in file order.
    public static func check(
        tree: ConfigNode,
        plugins: PluginRegistry,
        loader: PluginLoader = .none,
        outputs: OutputInspector = .none,
        beside files: [CommandFile] = []
    ) -> CheckedPipeline {
        check(tree: tree, plugins: plugins, loader: loader, outputs: outputs, beside: files, damage: LineSet())
    }

    /// What there is to say about a file with nothing in it.
    static var emptyPipeline: Diagnostic {
        Diagnostic(
            "the file is empty, and a pipeline needs 'sources' and 'sinks'",
            notes: ["docs/pipeline-format.md shows the shortest pipeline"]
        )
    }

    /// Checks a tree of which some lines may be missing; nothing is said about what may have stood in them.
    static func check(
        tree: ConfigNode,
        plugins: PluginRegistry,
        loader: PluginLoader,
        outputs: OutputInspector,
        beside files: [CommandFile],
        damage: LineSet
    ) -> CheckedPipeline {
        var check = Checker(plugins: plugins, loader: loader, outputs: outputs, files: files, damage: damage)
        let plan = check.plan(of: tree)
        var checked = CheckedPipeline(
            plan: check.hasErrors ? nil : plan,
            diagnostics: check.diagnostics.inFileOrder()
        )
        checked.tests = check.tests
        return checked
    }
}

/// One check under way.
///
/// Its parts are in extensions: sections, libraries, stages, the graph, paths, repeated inputs, fields,
/// tests.
struct Checker {
    /// The plugins that stages may name.
    var plugins: PluginRegistry
    let loader: PluginLoader
    let outputs: OutputInspector
    let files: [CommandFile]
    private let damage: LineSet
    private(set) var diagnostics: [Diagnostic] = []
    var settings = PipelineSettings()
    var stages: [StageDraft] = []
    /// The first stage of each name.
    var stageIndices: [String: Int] = [:]
    /// The libraries of plugins that the pipeline names.
    var libraries: [PathPlace] = []
    /// Where bad records go.
    var quarantine: PathPlace?
    /// Where the manifest goes.
    var manifest: PathPlace?
    var metricsFile: PathPlace?
    /// Where the run keeps how far it has come.
    var state: PathPlace?
    /// The tests that the pipeline states.
    var tests: [PipelineTest] = []
    /// False after an input that names no stage, when nothing is known of who takes whose events.
    var isGraphKnown = true
    /// False after a library that could not be loaded, when nothing is known of the plugins in it.
    var arePluginsKnown = true

    init(
        plugins: PluginRegistry,
        loader: PluginLoader,
        outputs: OutputInspector,
        files: [CommandFile],
        damage: LineSet
    ) {
        self.plugins = plugins
        self.loader = loader
        self.outputs = outputs
        self.files = files
        self.damage = damage
    }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    mutating func plan(of tree: ConfigNode) -> PipelinePlan? {
        readSections(of: tree)
        resolveInputs()
        let order = transformOrder()
        makeSinks(transformOrder: order)
        readSettings(of: tree)
        warnAboutUnusedStages()
        warnAboutWays(transformOrder: order)
        warnOfLeftOut()
        warnOfTaken()
        readTests(of: tree, checkFields(transformOrder: order))
        checkPaths()
        warnAboutRepeatedInputs()
        guard !hasErrors, damage.isEmpty else { return nil }
        return plan(transformOrder: order)
    }

    /// Makes the sinks, whose columns depend on the stages above them.
    private mutating func makeSinks(transformOrder order: [Int]) {
        // What comes to a sink is not known while anything is wrong.
        let plan = hasErrors || !damage.isEmpty ? nil : plan(transformOrder: order)
        for index in stages.indices {
            guard let make = stages[index].makeSink else { continue }
            var context = PluginContext(stage: stages[index].name, isCheck: true)
            if let plan {
                context.addedKeys = plan.keysAdded(above: stages[index].name)
                context.addedFields = plan.fieldsAdded(above: stages[index].name)
            }
            var draft = stages[index]
            draft.sink = make(&self, &draft, context)
            if draft.sink == nil { draft.built = nil }
            stages[index] = draft
        }
    }

    private func plan(transformOrder order: [Int]) -> PipelinePlan {
        var plan = PipelinePlan(name: settings.pipeline.isEmpty ? "pipeline" : settings.pipeline)
        plan.settings = settings.runSettings
        for index in stages.indices where stages[index].kind != .transform { add(stages[index], to: &plan) }
        for index in order { add(stages[index], to: &plan) }
        return plan
    }

    private func add(_ draft: StageDraft, to plan: inout PipelinePlan) {
        let inputs = draft.takes.map { stages[$0.stage].name + ($0.port.map { ".\($0)" } ?? "") }
        switch draft.built {
        case .source(let stage): plan.sources.append(stage)
        case .transform(var stage):
            stage.inputs = inputs
            plan.transforms.append(stage)
        case .sink(var stage):
            stage.inputs = inputs
            plan.sinks.append(stage)
        case nil: break
        }
    }

    /// Reports something, unless the line it is about is known to be wrong already.
    mutating func report(_ diagnostic: Diagnostic) {
        if let line = diagnostic.span?.line, damage.overlaps(line...line) { return }
        diagnostics.append(diagnostic)
    }

    /// Reports that something is not there, unless it may stand in lines that could not be read.
    mutating func reportMissing(_ diagnostic: Diagnostic, in lines: ClosedRange<Int>?) {
        if isDamaged(lines) { return }
        report(diagnostic)
    }

    /// True when some of these lines could not be read; nil means any line of the file.
    func isDamaged(_ lines: ClosedRange<Int>?) -> Bool {
        lines.map { damage.overlaps($0) } ?? !damage.isEmpty
    }
}
