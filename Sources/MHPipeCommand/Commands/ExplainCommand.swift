import MHPipeKit
import MHPipePlan
import MHPipeRuntime
import PipelineConfig

/// `mhpipe explain FILE --event EVENT.json | --event-id ID`.
struct ExplainCommand: Command {
    static let name = "explain"
    static let summary =
        "Says what a pipeline does with an event: which stage keeps or drops it, why, and what is added."
    static let notes = """
        Nothing is written: outputs are not opened, and no state is looked at or kept. With '--event' the records take the
        place of what a source reads; with '--event-id' the pipeline's own input is read, so that stages which remember
        earlier events do so.

        Exit codes: 0 when the event was found, whatever became of it; 1 when it was not; 3 when it was found and some input
        could not be read.

        Examples:
          mhpipe explain audit.conf --event event.json
          mhpipe explain audit.conf --event-id 3d5c1b9e --json
        """

    static let parameters: [Parameter<ExplainCommand>] = [
        .positional("FILE", \.file, "The pipeline file; '-' reads it from standard input."),
        .option(
            "event",
            "FILE",
            \.event,
            "The records to follow, in any form that the pipeline reads: one, an array, lines, a whole CloudTrail file; '-' is "
                + "standard input."
        ),
        .option("event-id", "ID", \.id, "Follows the events with this eventID in the pipeline's own input."),
        .flag(
            "everywhere",
            \.opensAll,
            "With '--event-id', reads also files that by their keys hold nothing of the accounts, regions and times that sources "
                + "select; such an event is told as not selected."
        ),
        .option(
            "source",
            "NAME",
            \.source,
            "The source that the records of '--event' are taken for; the first one unless this is given."
        ),
        .flag("json", \.isJSON, "Writes JSON; 'schema' in it is the version of its form."),
        .settings(\.settings),
        .libraries(\.libraries),
    ]

    var file = ""
    var event: InputPath?
    var id: String?
    var opensAll = false
    var source: String?
    var isJSON = false
    var settings: [Setting] = []
    var libraries: [InputPath] = []

    func run(in context: CommandContext) throws -> ExitCode {
        try checkArguments()
        let context = try context.loading(libraries)
        let pipeline = try PipelineText.read(file, context.console)
        // Outputs are not opened, so nothing can be in their way; with '--event', neither are inputs.
        let checked = try context.check(
            pipeline,
            file,
            settings,
            libraries,
            outputs: .none,
            showsWarnings: event == nil
        )
        guard let plan = checked.plan else { return .refusal(of: checked) }
        let run = try tracedRun(plan, context.console)
        let report = try run.run(context.console)
        switch report.outcome {
        case .aborted, .interrupted: return .interrupted
        case .completed, .nothingToRead, .nothingNew, .closedPipe, .skipped: break
        }
        let ways = EventWay.all(run.plan, run.log)
        guard !ways.isEmpty else { return tellNotFound(report, context.console) }
        try context.console.write(isJSON ? try WayDocument(ways).json : WayText(ways: ways).text)
        return report.hasProblems ? .inputProblems : .success
    }

    private func checkArguments() throws(UsageError) {
        switch (event, id) {
        case (nil, nil):
            throw UsageError(
                "'explain' needs an event: '--event FILE' with the record, or '--event-id ID' to look for it"
            )
        case (_?, _?): throw UsageError("'--event' and '--event-id' are two ways to name an event: give one of them")
        case (nil, ""?): throw UsageError("'--event-id' needs the eventID of an event, and it is empty")
        case (_?, nil) where opensAll:
            throw UsageError("'--everywhere' goes with '--event-id': with '--event' no files of the pipeline are read")
        case (nil, _?) where source != nil:
            throw UsageError("'--source' goes with '--event': with '--event-id' all sources are read")
        default: break
        }
        if file == "-", event?.path == "-" {
            throw .refused(
                "standard input holds the pipeline, so the event cannot come from there too",
                advice: ["save one of them as a file"]
            )
        }
    }

    private func tracedRun(_ plan: PipelinePlan, _ console: Console) throws(UsageError) -> TracedRun {
        if let event {
            let number = try sourceNumber(plan)
            return TracedRun(plan, of: [try EventText.read(event.path, console)], from: number, showsWritten: true)
        }
        if let taking = plan.sources.first(where: \.takesAway) {
            throw .refused(
                "source '\(taking.name)' takes away what it reads, so it is not read for a look",
                advice: ["give the event itself with '--event FILE'"]
            )
        }
        if file == "-", let reader = plan.sources.first(where: \.readsStandardInput) {
            throw .pipelineOnStandardInput(readBy: reader.name)
        }
        return TracedRun(plan, following: .id(id ?? ""), showsWritten: true, opensAll: opensAll)
    }

    private func sourceNumber(_ plan: PipelinePlan) throws(UsageError) -> Int {
        guard let source else { return 0 }
        if let number = plan.sources.firstIndex(where: { $0.name == source }) { return number }
        let names = plan.sources.map(\.name)
        let meant = Suggestion.label(for: source, among: names).map { ": \($0)" } ?? ""
        throw .refused(
            "the pipeline has no source '\(source)'\(meant)",
            advice: ["its sources: \(names.joined(separator: ", "))"]
        )
    }

    private func tellNotFound(_ report: RunReport, _ console: Console) -> ExitCode {
        let verb = report.eventsIn == 1 ? "was" : "were"
        let read = "\(Readable.count(report.eventsIn, "event")) in \(Readable.count(report.files, "file"))"
        guard let id else {
            console.say(
                "there is no event in '\(event?.path ?? "")' that can be read",
                advice: ["it takes a record of CloudTrail as JSON, an array of them, lines, or a whole file"]
            )
            return .failure
        }
        var advice: [String] = []
        if report.hasProblems { advice.append("some input could not be read; the event may be there") }
        let pruned = [(report.foldersPruned, "folder"), (report.filesPruned, "file")].filter { $0.0 > 0 }
        if !pruned.isEmpty {
            let isOne = pruned.map(\.0).reduce(0, +) == 1
            let what = pruned.map { Readable.count($0.0, $0.1) }.joined(separator: " and ")
            advice += [
                "\(what) \(isOne ? "was" : "were") never opened, since by \(isOne ? "its key it holds" : "their keys they hold") "
                    + "nothing that the sources select by accounts, regions, 'since' and 'until'",
                "'--everywhere' looks there as well",
            ]
        }
        if report.filesLeftOut > 0 {
            advice.append(
                "\(Readable.count(report.filesLeftOut, "file")) \(report.filesLeftOut == 1 ? "was" : "were") left out by the sources' patterns"
            )
        }
        console.say("no event has the eventID '\(id)': \(read) \(verb) read", advice: advice)
        return .failure
    }
}
