import Libc
import MHPipeIO
import MHPipeKit
import MHPipePlan
import PipelineConfig

/// `mhpipe report INPUT... OUTPUT`: a page about a trail, or about a database that an earlier run has made.
struct ReportCommand: Command {
    static let name = "report"
    static let summary = "Writes one page of HTML about a trail: migrations, cutovers, callers, failures, coverage."
    static let notes = """
        INPUT is a trail, as for 'convert', or one database that 'convert' or sink 'sqlite' has made. The page needs no network
        and no script; docs/report.md says what each section shows, and what it cannot know.

        Examples:
          mhpipe report AWSLogs report.html
          mhpipe report AWSLogs may.html --since 2026-05 --until 2026-05 --change-window 'Sat 22:00/Sun 06:00'
          mhpipe report all.db report.html --title 'Wave 3'
          mhpipe report all.db report.html --run-manifest made.jsonl --trail-report verified.json
        """

    static let parameters: [Parameter<ReportCommand>] =
        [
            .positionals(
                "INPUT",
                \.inputs,
                "Files and folders of a trail, '-' for standard input, s3://BUCKET/PREFIX for a bucket; or one database of mhpipe's."
            ),
            .positional(
                "OUTPUT",
                \.output,
                "The file to write, whose name ends in .html; '-' is standard output. One that is there stays, unless '--force' is given."
            ),
            .option("title", "TEXT", \.title, "What the page is called."),
            .repeated(
                "change-window",
                "WINDOW",
                \.windows,
                "When cutovers may be made: 'Sat 22:00/Sun 06:00', '22:00/06:00 +02:00', or two times with '/' between them; may be given again."
            ),
            .option(
                "run-manifest",
                "FILE",
                \.runManifest,
                "The manifest of the run that made the database, or that read the trail: the page shows it and its hash, and says whether INPUT is what it lists."
            ),
            .option(
                "trail-report",
                "FILE",
                \.trailReport,
                "What 'verify-trail --report' has written of the trail; the page shows its verdicts."
            ),
            .flag(
                "force",
                \.replacesFiles,
                "Replaces OUTPUT when it is there, and the files of '--quarantine', '--manifest' and '--summary'."
            ),
        ] + SelectionArguments.parameters.map { $0.within(\.selection) }
        + RunOptions.parameters.map { $0.within(\.options) }

    var inputs: [String] = []
    var output = ""
    var title: String?
    var windows: [String] = []
    var runManifest: InputPath?
    var trailReport: InputPath?
    var replacesFiles = false
    var selection = SelectionArguments()
    var options = RunOptions()

    private static let sink = "report"

    func run(in context: CommandContext) throws -> ExitCode {
        let paths = try ConversionPaths(inputs: inputs, output: output)
        if output != "-", !FileFormat.html.endings.contains(where: { output.lowercased().hasSuffix($0) }) {
            throw UsageError(
                "OUTPUT '\(output)' is to be a page of HTML, and its name ends in neither .html nor .htm",
                advice: ["the last argument is the file to write: mhpipe report INPUT... report.html"]
            )
        }
        for path in [runManifest, trailReport].compactMap({ $0?.path }) where !FilePath(path).exists {
            throw UsageError.unreadable("cannot read '\(FilePath(path).text)'", path, errno)
        }
        let isDatabase = inputs.map(Self.isDatabase)
        if isDatabase.contains(true) {
            guard inputs.count == 1 else {
                throw UsageError.refused(
                    "a database stands beside other inputs",
                    advice: ["a report is of one database, or of the files of a trail"]
                )
            }
            return try reportDatabase(in: context)
        }
        return try reportTrail(paths, in: context)
    }

    private static func isDatabase(_ input: String) -> Bool {
        guard input != "-", !input.hasPrefix("s3://") else { return false }
        if FileFormat.sqlite.endings.contains(where: { input.lowercased().hasSuffix($0) }) { return true }
        guard let file = try? FileInput(FilePath(input)) else { return false }
        let start = Array("SQLite format 3\0".utf8)
        var bytes = [UInt8](repeating: 0, count: start.count)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe (try? file.read(into: $0)) ?? 0 }
        return count == start.count && bytes == start
    }

    private var files: [(name: String, path: String)] {
        [("OUTPUT", output)] + (options.quarantine.map { [("'--quarantine'", $0.path)] } ?? [])
            + (options.manifest.map { [("'--manifest'", $0.path)] } ?? [])
            + (options.summary.map { [("'--summary'", $0.path)] } ?? [])
    }

    private var sinkEntries: [(String, ConfigNode)] {
        [("path", ConfigNode(.text(output)))] + entry("title", title)
            + (windows.isEmpty ? [] : [("change_window", ConfigNode(.list(windows.map { ConfigNode(.text($0)) })))])
            + entry("run_manifest", runManifest?.path) + entry("trail_report", trailReport?.path)
    }

    private func entry(_ key: String, _ text: String?) -> [(String, ConfigNode)] {
        text.map { [(key, ConfigNode(.text($0)))] } ?? []
    }

    // MARK: A trail

    private func reportTrail(_ paths: ConversionPaths, in context: CommandContext) throws -> ExitCode {
        let tree = tree(paths).replacing(options.settings)
        let checked = PipelineCheck.check(
            tree: tree,
            plugins: context.plugins,
            outputs: .files,
            beside: options.commandFiles
                + (inputs.contains("-") ? [CommandFile(reading: "-", as: "the file of standard input")] : [])
        )
        context.console.show(checked.diagnostics, of: nil)
        guard var plan = checked.plan else { return .refusal(of: checked) }
        plan.settings.keepsExisting = !replacesFiles
        let isThere = output != "-" && (try? OutputPlace(resolving: output))?.isThere == true
        plan.settings.failsWithoutInput = options.onEmpty == nil && isThere
        if !replacesFiles { try ConversionPaths.refuseExisting(files) }
        return try PlanExecution(plan: plan, options: options, context: context, provenance: Provenance(tree: tree))
            .run()
    }

    private func tree(_ paths: ConversionPaths) -> ConfigNode {
        let around = [("services", ConfigNode(.text("migration"))), ("keep_others", ConfigNode(.text("true")))]
        let transforms =
            [
                ConfigEntry.stage("identity", "identity"), .stage("origin", "resolve_roles"),
                .stage("migration", "migration_hub", around), .stage("call", "call"),
            ]
            + selection.conditionsBehindOrigin.map { name, condition in
                .stage(name, "filter", [("where", ConfigNode(.text(condition)))])
            }
        return ConfigNode(
            .mapping([
                ConfigEntry(key: "pipeline", value: ConfigNode(.text(Self.name))),
                ConfigEntry(
                    key: "sources",
                    value: ConfigNode(.mapping(paths.sources(selection.sourceOptions(behindOrigin: true))))
                ),
                ConfigEntry(key: "transforms", value: ConfigNode(.mapping(transforms))),
                ConfigEntry(key: "sinks", value: ConfigNode(.mapping([.stage("output", Self.sink, sinkEntries)]))),
            ])
        )
    }

    // MARK: A database

    private func reportDatabase(in context: CommandContext) throws -> ExitCode {
        guard selection.isEmpty else {
            throw UsageError.refused(
                "a database holds what was selected when it was made",
                advice: ["'--account', '--region', '--since', '--until' and '--late' are for a trail"]
            )
        }
        if options.manifest != nil || options.quarantine != nil || options.summary != nil {
            throw UsageError.refused(
                "'--manifest', '--quarantine' and '--summary' tell of a run, and a database is not run",
                advice: ["give them to the command that makes the database"]
            )
        }
        if !replacesFiles { try ConversionPaths.refuseExisting(files) }
        guard let sink = context.plugins.sink(Self.sink) else {
            throw UsageError.refused("this mhpipe has no sink '\(Self.sink)'")
        }
        return try write(sink, context)
    }

    private func write<S: Sink>(_ type: S.Type, _ context: CommandContext) throws -> ExitCode {
        var mistakes: [Diagnostic] = []
        let label = StageLabel(kind: "sink", plugin: S.name)
        let entries = sinkEntries.map { ConfigEntry(key: $0, value: $1) }
        guard let values = OptionDecoder.decode(S.Options.self, entries, stage: label, diagnostics: &mistakes) else {
            context.console.show(mistakes, of: nil)
            return .mistake
        }
        let console = context.console
        let stage = PluginContext(stage: S.name) { console.say("warning: \($0)") }
        guard var sink = try S(values, stage) as? any DatabaseReadingSink else {
            throw UsageError.refused("the sink '\(S.name)' of this mhpipe reads no databases")
        }
        do {
            try sink.open()
            try sink.read(FilePath(inputs[0]))
            try sink.finish()
            try sink.commit()
        } catch {
            sink.abort()
            throw error
        }
        return .success
    }
}

extension SelectionArguments {
    /// True when nothing is chosen.
    var isEmpty: Bool { accounts.isEmpty && regions.isEmpty && since == nil && until == nil && late == nil }
}
