import MHPipeIO
import MHPipeKit
import MHPipePlan
import PipelineConfig

/// `mhpipe replay QUARANTINE FILE`.
struct ReplayCommand: Command {
    static let name = "replay"
    static let summary = "Runs a pipeline over what its quarantine has kept, once that was mended."
    static let notes = """
        Each line of the quarantine has the text of a record in 'raw', and where it came from; mend the text, or the pipeline,
        and its records go through the pipeline in the place of its sources. What still cannot be read is kept in a quarantine
        of its own: name it with '--quarantine'. Outputs that are there stay, unless '--force' is given.

        Example:
          mhpipe replay bad.jsonl audit.conf --set OUT=mended.jsonl --quarantine still-bad.jsonl
        """

    static let parameters: [Parameter<ReplayCommand>] =
        [
            .positional(
                "QUARANTINE",
                \.quarantine,
                "The file that '--quarantine', or `quarantine` in the pipeline, has written."
            ),
            .positional("FILE", \.file, "The pipeline file."),
            .settings(\.settings),
            .libraries(\.libraries),
            .flag("force", \.replacesFiles, "Replaces outputs that are there, with what was replayed alone."),
        ] + RunOptions.parameters.map { $0.within(\.options) }

    var quarantine = ""
    var file = ""
    var settings: [Setting] = []
    var libraries: [InputPath] = []
    var replacesFiles = false
    var options = RunOptions()

    func run(in context: CommandContext) throws -> ExitCode {
        var command = RunCommand()
        (command.file, command.settings, command.libraries, command.options) = (file, settings, libraries, options)
        command.besides = [CommandFile(reading: quarantine, as: "the quarantine that is replayed")]
        guard FilePath(quarantine).exists else {
            throw UsageError.missing(quarantine, "cannot read '\(FilePath(quarantine).text)': there is no such file")
        }
        return try command.run(in: context) { plan in try replace(&plan) }
    }

    /// Puts what the quarantine holds in the place of the sources.
    private func replace(_ plan: inout PipelinePlan) throws {
        // What runs that append have written is theirs: it must not be lost, and they would not go on behind anything else.
        let appends = plan.settings.state?.appends == true
        // The texts are read once; there is nothing to go on with.
        plan.settings.state = nil
        try checkLines(of: plan)
        if appends || !replacesFiles { try refuseExisting(plan, appends: appends) }
        plan.settings.keepsExisting = appends || !replacesFiles
        let isOnly = plan.sources.count == 1
        for number in plan.sources.indices {
            let (name, make) = (plan.sources[number].name, plan.sources[number].make)
            plan.sources[number].plugin = ReplaySource.name
            plan.sources[number].pathUses = []
            plan.sources[number].make = { [quarantine] context in
                ReplaySource(quarantine, of: name, isFirst: number == 0, isOnly: isOnly, in: try make(context))
            }
        }
    }

    /// Reads the quarantine once, so that a mistake in its last line is told before anything is written.
    private func checkLines(of plan: PipelinePlan) throws {
        let names = plan.sources.map(\.name)
        do {
            try QuarantinedText.forEachLine(of: quarantine) { text, number in
                guard text.scope != "limit", names.count > 1 || text.source.map({ !names.contains($0) }) == true else {
                    return
                }
                guard let source = text.source, names.contains(source) else {
                    throw StageError(
                        "line \(number) of '\(FilePath(quarantine).text)' is of "
                            + (text.source.map { "source '\($0)', which the pipeline does not have" } ?? "no source"),
                        advice:
                            "the pipeline has: \(names.joined(separator: ", ")); write the one that is meant as 'source' into the line"
                    )
                }
            }
        } catch let failure as InputFailure {
            throw UsageError.refused("\(failure)")
        } catch let error as StageError {
            throw UsageError.refused(error.message, advice: error.adviceLines)
        }
    }

    private func refuseExisting(_ plan: PipelinePlan, appends: Bool) throws(UsageError) {
        var outputs: [(String, String)] = []
        for sink in plan.sinks {
            for use in sink.pathUses {
                switch use {
                case .output(let path): outputs.append(("the output of sink '\(sink.name)',", path))
                case .outputFiles(let template): outputs.append(("OUTPUT", template.path))
                case .inputFile, .inputTree, .program, .outputTree: break
                }
            }
        }
        outputs += [("the quarantine", plan.settings.quarantine), ("the manifest", plan.settings.manifest)]
            .compactMap { name, path in path.map { (name, $0) } }
        if let summary = options.summary { outputs.append(("'--summary'", summary.path)) }
        do {
            try ConversionPaths.refuseExisting(outputs)
        } catch {
            var error = error
            if appends {
                error.advice = [
                    "runs with `mode: append` write it: put what was mended into a file that they read, and the next run adds it"
                ]
            }
            error.advice.append(
                "a replay writes nothing but what was replayed: --set sinks.NAME.path=FILE and --quarantine FILE name other files"
            )
            throw error
        }
    }
}
