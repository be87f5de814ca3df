import Libc
import MHPipeIO
import MHPipeKit
import MHPipePlan
import PipelineConfig

/// `mhpipe list FILE`: what the sources of a pipeline would read, in the form that source `list` reads.
struct ListCommand: Command {
    static let name = "list"
    static let summary = "Lists the files and objects that a pipeline would read, a line for each, and reads none."
    static let notes = """
        A line is a path or an address such as s3://bucket/key, a tab, and the size in bytes, of an object another tab and its ETag in
        quotation marks, in the order in which a run would read them: what source 'list' takes. What files hold is not looked at, so a time that sources select by leaves out
        only what its key rules out. Archived objects of a bucket are listed and told of. Standard error says what was passed over.

        Exit codes: 0 when all is listed, or as much as its reader wanted, such as '| head'; 3 when something cannot be listed, or not be read as it is; 1 when the list broke off.

        Examples:
          mhpipe list audit.conf > files.txt
          mhpipe list audit.conf | split --lines 20000 - task-
        """

    static let parameters: [Parameter<ListCommand>] = [
        .positional("FILE", \.file, "The pipeline file; '-' reads it from standard input."),
        .flag(
            "others",
            \.namesOthers,
            "Of a bucket, lists also the objects that a run passes over because of their names, or those of their folders."
        ),
        .settings(\.settings),
        .libraries(\.libraries),
    ]

    var file = ""
    var namesOthers = false
    var settings: [Setting] = []
    var libraries: [InputPath] = []

    func run(in context: CommandContext) throws -> ExitCode {
        let context = try context.loading(libraries)
        let pipeline = try PipelineText.read(file, context.console)
        // Outputs are not opened, so nothing can be in their way.
        let checked = try context.check(pipeline, file, settings, libraries, outputs: .none)
        guard let plan = checked.plan else { return .refusal(of: checked) }
        try check(plan)
        var listing = SourceListing(console: context.console, namesOthers: namesOthers)
        for source in plan.sources { try listing.list(source) }
        try listing.end()
        return listing.hasProblems ? .inputProblems : .success
    }

    private func check(_ plan: PipelinePlan) throws(UsageError) {
        if let source = plan.sources.first(where: { $0.watches || $0.takesAway }) {
            throw .refused(
                "source '\(source.name)' of type '\(source.plugin)' takes what comes, and what that will be cannot be listed",
                advice: ["'list' shows what is in folders and buckets"]
            )
        }
        if namesOthers, let source = plan.sources.first(where: { $0.plugin != "s3" }) {
            throw .refused("--others is for source 's3', and '\(source.name)' is of type '\(source.plugin)'")
        }
        if file == "-", let reader = plan.sources.first(where: \.readsStandardInput) {
            throw .pipelineOnStandardInput(readBy: reader.name)
        }
    }
}
