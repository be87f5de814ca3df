import Libc
import MHPipeIO
import MHPipeKit
import MHPipeRuntime

/// `mhpipe merge PART... OUTPUT`: one database of many.
struct MergeCommand: Command {
    static let name = "merge"
    static let summary = "Puts databases that were made of parts of a trail together to one."
    static let notes = """
        The events of each part come behind those of the one before; indexes and views are made anew. The parts are databases
        that one pipeline has made, each in one run, as the tasks of pipelines/spark do; they are only read. The parts of such a job
        are held against what it says of them: none may be missing, and none be another one.

        Examples:
          mhpipe merge 2024.db 2025.db 2026.db all.db
          mhpipe merge /shared/audit/db all.db
        """

    static let parameters: [Parameter<MergeCommand>] = [
        .positionals(
            "PART",
            \.parts,
            "Databases, and folders, of which all databases are taken in the order of their names."
        ),
        .positional("OUTPUT", \.output, "The database to write. One that is there stays, unless '--force' is given."),
        .flag("force", \.replacesFiles, "Replaces OUTPUT when it is a database that mhpipe has made."),
        .flag("quiet", short: "q", \.isQuiet, "Says nothing where all went well."),
    ]

    var parts: [String] = []
    var output = ""
    var replacesFiles = false
    var isQuiet = false

    func run(in context: CommandContext) throws -> ExitCode {
        guard output != "-", !ConversionPaths.isFolder(output) else {
            throw UsageError.refused(
                "OUTPUT '\(output)' is no file",
                advice: ["the last argument is the database to write: mhpipe merge PART... all.db"]
            )
        }
        let parts = try MergeParts(parts)
        let paths = parts.parts.map(\.path)
        let there = (try? FileStatus(FilePath(output)))?.identity
        if there != nil, let part = paths.first(where: { (try? FileStatus($0))?.identity == there }) {
            throw UsageError.refused(
                "OUTPUT '\(output)' is also a PART",
                advice: ["choose another name than '\(part.text)': mhpipe merge PART... OUTPUT"]
            )
        }
        try parts.refuseFolder(of: output)
        if !replacesFiles { try ConversionPaths.refuseExisting([("OUTPUT", output)]) }
        guard let sink = context.plugins.sink("sqlite") as? any MergingSink.Type else {
            throw UsageError.refused("this mhpipe has no sink 'sqlite' that merges")
        }
        let rows = try watching(context.console) { try sink.merge(parts.parts, into: output, replaces: replacesFiles) }
        if !isQuiet {
            context.console.say(
                "merged \(Readable.count(paths.count, "database")) to '\(FilePath(output).text)': \(Readable.count(rows, "event"))"
            )
        }
        return .success
    }

    /// Works until a signal comes, which leaves nothing of the output.
    private func watching(_ console: Console, _ work: () throws -> Int) throws -> Int {
        let end: @Sendable () -> Bool = {
            PipelineRun.leaveNothingBehind()
            console.say("interrupted; nothing was written")
            _exit(ExitCode.interrupted.value)
        }
        let watcher = try InterruptWatcher(
            console: console,
            commits: false,
            actions: InterruptWatcher.Actions(cancel: end, abandon: end, tell: { _ in })
        )
        defer { watcher.stop() }
        return try work()
    }
}
