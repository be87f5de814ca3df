import MHPipeKit
import MHPipePlan
import PipelineConfig

/// `mhpipe convert INPUT... OUTPUT`: a pipeline that needs no file.
struct ConvertCommand: Command {
    static let name = "convert"
    static let summary = "Converts log files to JSON lines, CSV or SQLite, without a pipeline file."
    static let notes = """
        The records are written as they are, in the order of the inputs; --hub, --migration, --identity, --origin and --call
        add to them, --once leaves copies out, --sort brings them into the order of time.
        The format is told by the output's name: .jsonl, .ndjson and .csv (with .gz or .zst compressed), .db,
        .sqlite and .sqlite3; standard output gets JSON lines unless --to says otherwise.

        Examples:
          mhpipe convert AWSLogs events.csv
          mhpipe convert AWSLogs more/a.json.gz audit.db --hub --identity
          mhpipe convert AWSLogs all.db --once --migration --identity --origin --call
          mhpipe convert AWSLogs may.csv --account 111122223333 --since 2026-05 --until 2026-05
          mhpipe convert AWSLogs root.csv --where 'userIdentity.type == "Root" && !has(errorCode)'
          zcat old.json.gz | mhpipe convert - - --columns eventTime,eventName --to csv
        """

    static let parameters: [Parameter<ConvertCommand>] =
        [
            .positionals(
                "INPUT",
                \.inputs,
                "Files, and folders, which are read with all below them; '-' is standard input, s3://BUCKET/PREFIX what is in a bucket."
            ),
            .positional(
                "OUTPUT",
                \.output,
                "The file to write; '-' is standard output, s3://BUCKET/KEY an object. One that is there stays, unless '--force' is given."
            ),
            .option("to", "FORMAT", \.format, "The format, whatever the output's name: 'jsonl', 'csv' or 'sqlite'."),
            .flag(
                "force",
                \.replacesFiles,
                "Replaces OUTPUT when it is there, and the files of '--quarantine', '--manifest' and '--summary'."
            ),
        ] + choices + RunOptions.parameters.map { $0.within(\.options) }

    /// What is kept, what is added to it, and how it is written; also what `init` puts into a pipeline.
    static let choices: [Parameter<ConvertCommand>] =
        [
            .flag(
                "hub",
                \.keepsMigrationHub,
                "Keeps only the events of AWS Migration Hub, and adds 'migration' to them."
            ),
            .flag(
                "migration",
                \.addsMigration,
                "Adds 'migration' to the calls of Migration Hub and of the services that move servers and databases, and keeps "
                    + "all other events."
            ),
            .flag("identity", \.addsIdentity, "Adds 'identity': who made the request, and with what credentials."),
            .flag(
                "origin",
                \.addsOrigin,
                "Adds 'identity.origin', 'chain' and 'certainty': the person behind a role or a chain of them; also as columns."
            ),
            .flag("call", \.addsCall, "Adds 'call': what was done, to what, from where, and how it ended."),
            .flag("once", \.dropsCopies, "Leaves out events that came before, by eventID and recipientAccountId."),
            .flag("sort", \.sorts, "Brings the events into the order of time."),
        ] + SelectionArguments.parameters.map { $0.within(\.selection) } + [
            .repeated(
                "where",
                "CONDITION",
                \.conditions,
                "Keeps the events that meet a condition, in the syntax of CEL: docs/conditions.md has all of it; given again, those "
                    + "that meet each."
            ),
            .repeated(
                "columns",
                "LIST",
                \.columns,
                "The columns of CSV and SQLite, or the keys of JSON lines, which are whole events otherwise: field paths with "
                    + "commas between them; 'default' stands for the default ones; given again, more of them."
            ),
            .flag(
                "excel",
                \.isForExcel,
                "Writes CSV that Excel opens as it is: a byte order mark, ids as texts, no cell above its limit."
            ),
            .option(
                "delimiter",
                "SIGN",
                \.delimiter,
                "What stands between the cells of CSV: 'comma', 'semicolon' (for Excel where numbers have a comma), 'tab', or the sign."
            ),
        ]

    var inputs: [String] = []
    var output = ""
    var format: OutputFormat?
    var replacesFiles = false
    var keepsMigrationHub = false
    var addsMigration = false
    var addsIdentity = false
    var addsOrigin = false
    var addsCall = false
    var dropsCopies = false
    var sorts = false
    var isForExcel = false
    var delimiter: String?
    var selection = SelectionArguments()
    var conditions: [String] = []
    var columns: [ColumnList] = []
    var options = RunOptions()

    func run(in context: CommandContext) throws -> ExitCode {
        let paths = try ConversionPaths(inputs: inputs, output: output)
        let format = try format ?? OutputFormat(nameOf: output)
        try checkFit([format], [output])
        let tree = tree(paths, format).replacing(options.settings)
        let checked = PipelineCheck.check(
            tree: tree,
            plugins: context.plugins,
            outputs: .files,
            beside: options.commandFiles
                + (inputs.contains("-") ? [CommandFile(reading: "-", as: "the file of standard input")] : [])
        )
        context.console.show(
            checked.diagnostics.map(Self.inFlags),
            of: conditions.isEmpty ? nil : SourceText(name: "--where", text: conditions.joined(separator: "\n"))
        )
        guard var plan = checked.plan else { return .refusal(of: checked) }
        plan.settings.keepsExisting = !replacesFiles
        // What is there would pass for the answer.
        let isThere = output != "-" && (try? OutputPlace(resolving: output))?.isThere == true
        plan.settings.failsWithoutInput = options.onEmpty == nil && isThere
        if !replacesFiles {
            try ConversionPaths.refuseExisting(
                [("OUTPUT", output)] + (options.quarantine.map { [("'--quarantine'", $0.path)] } ?? [])
                    + (options.manifest.map { [("'--manifest'", $0.path)] } ?? [])
                    + (options.summary.map { [("'--summary'", $0.path)] } ?? [])
            )
        }
        return try PlanExecution(
            plan: plan,
            options: options,
            context: context,
            provenance: Provenance(tree: tree)
        ).run()
    }

    /// Refuses choices that do not go together.
    ///
    /// - Parameters:
    ///   - formats: The formats of the outputs.
    ///   - outputs: Their names.
    ///   - advice: How an output becomes CSV.
    /// - Throws: `UsageError` for the first two that do not.
    func checkFit(
        _ formats: [OutputFormat],
        _ outputs: [String],
        advice: String = "name OUTPUT with .csv at its end, or give '--to csv'"
    ) throws(UsageError) {
        if keepsMigrationHub, addsMigration {
            throw UsageError("'--hub' drops what '--migration' keeps: give one of them")
        }
        let options = [("--excel", isForExcel), ("--delimiter", delimiter != nil)]
        for (option, isGiven) in options where isGiven && !formats.contains(.csv) {
            throw UsageError("'\(option)' is for CSV: \(advice)")
        }
        if zip(outputs, formats).contains(where: { $0 == "-" && $1 == .sqlite }) {
            throw UsageError("OUTPUT must be a file for '--to sqlite': a database cannot be sent to standard output")
        }
    }

    /// The pipeline as a file would state it.
    func tree(_ paths: ConversionPaths, _ format: OutputFormat) -> ConfigNode {
        let sources = paths.sources(selection.sourceOptions(behindOrigin: addsOrigin))
        let transforms = transforms
        let named = columns.flatMap(\.paths).map { ConfigNode(.text($0)) }
        let columns = named.isEmpty ? [] : [("columns", ConfigNode(.list(named)))]
        let excel = isForExcel && format == .csv ? [("excel", ConfigNode(.text("true")))] : []
        let sign = format == .csv ? delimiter : nil
        let cells = sign.map { [("delimiter", ConfigNode(.text($0)))] } ?? []
        let sink = ConfigEntry.stage(
            "output",
            format.rawValue,
            [("path", ConfigNode(.text(output)))] + columns + excel + cells
        )
        var entries = [
            ConfigEntry(key: "pipeline", value: ConfigNode(.text(Self.name))),
            ConfigEntry(key: "sources", value: ConfigNode(.mapping(sources))),
        ]
        if !transforms.isEmpty {
            entries.append(ConfigEntry(key: "transforms", value: ConfigNode(.mapping(transforms))))
        }
        entries.append(ConfigEntry(key: "sinks", value: ConfigNode(.mapping([sink]))))
        return ConfigNode(.mapping(entries))
    }

    /// A message that names flags in the place of transforms.
    static func inFlags(_ diagnostic: Diagnostic) -> Diagnostic {
        let flags = ["call": "--call", "identity": "--identity", "migration_hub": "--hub or --migration"]
            .merging(["resolve_roles": "--origin"]) { $1 }
        var diagnostic = diagnostic
        diagnostic.notes = diagnostic.notes.map { note in
            flags.reduce(note) { $0.replacing("transform `\($1.key)` adds", with: "\($1.value) adds") }
        }
        return diagnostic
    }

    /// What the flags put between; the condition comes behind all that adds fields.
    private var transforms: [ConfigEntry] {
        var transforms: [ConfigEntry] = []
        func add(_ isWanted: Bool, _ name: String, _ plugin: String, _ options: [(String, ConfigNode)] = []) {
            if isWanted { transforms.append(.stage(name, plugin, options)) }
        }
        let around = [("services", ConfigNode(.text("migration"))), ("keep_others", ConfigNode(.text("true")))]
        // Who stands behind a session is told by events that `hub` leaves out.
        add(keepsMigrationHub && !addsOrigin, "hub", "migration_hub")
        add(dropsCopies, "once", "dedupe")
        add(addsIdentity, "identity", "identity")
        add(addsOrigin, "origin", "resolve_roles")
        add(keepsMigrationHub && addsOrigin, "hub", "migration_hub")
        add(addsMigration, "migration", "migration_hub", around)
        add(addsCall, "call", "call")
        for (name, condition) in addsOrigin ? selection.conditionsBehindOrigin : [] {
            add(true, name, "filter", [("where", ConfigNode(.text(condition)))])
        }
        // What stands in no file has places of its own, so that a mistake is shown where it is.
        var line = 1
        for (place, condition) in conditions.enumerated() {
            let places = TextPlaces(of: condition, from: line)
            let span = SourceSpan(line: line, column: 1, length: condition.count)
            let node = ConfigNode(text: condition, span: span, places: places)
            add(true, place == 0 ? "where" : "where_\(place + 1)", "filter", [("where", node)])
            line += condition.count { $0.isNewline } + 1
        }
        add(sorts, "sort", "sort")
        return transforms
    }
}
