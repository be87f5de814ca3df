import MHPipeAWS
import MHPipeIO
import MHPipeKit
import PipelineConfig

/// `mhpipe init [FILE]`.
struct InitCommand: Command {
    static let name = "init"
    static let summary = "Writes a pipeline file with comments, to begin your own from."
    static let notes = """
        The options say what 'convert' would do; the file does it each time it is run, and can be changed. At a terminal, without
        '--input' or '--output', whatever no option says is asked for. No file is ever replaced, and nothing is written that 'check' would refuse.

        Examples:
          mhpipe init
          mhpipe init audit.conf --input AWSLogs --output audit.db --hub --identity
          mhpipe init failed.conf --input s3://audit-logs/AWSLogs --output failed.csv --since 7d --where 'has(errorCode)'
        """

    static let usualFile = "pipeline.conf"

    static let parameters: [Parameter<InitCommand>] =
        [
            .optionalPositional(
                "FILE",
                \.file,
                "The file to write; left out, \(usualFile). '-' is standard output. One that is there stays."
            ),
            .repeated(
                "input",
                "INPUT",
                \.inputs,
                "A file, a folder, '-' for standard input or s3://BUCKET/PREFIX to read; may be given again.",
                completion: .files
            ),
            .repeated(
                "output",
                "OUTPUT",
                \.outputs,
                "A file to write, whose name tells its format; may be given again, for the same events in several.",
                completion: .files
            ),
            .option("quarantine", "PATH", \.quarantine, "Keeps what cannot be read in this file, with the reason."),
        ] + ConvertCommand.choices.map { $0.within(\.choice) }

    var file: String?
    var inputs: [String] = []
    var outputs: [String] = []
    var quarantine: OutputPath?
    var choice = ConvertCommand()

    func run(in context: CommandContext) throws -> ExitCode {
        if let file { try Self.refuseExisting(file) }
        var command = self
        if inputs.isEmpty || outputs.isEmpty {
            guard FileInput.standardInputIsTerminal else {
                throw UsageError(
                    "'init' needs what to read and what to write: --input and --output",
                    advice: ["for example: mhpipe init audit.conf --input AWSLogs --output audit.db --hub --identity"]
                )
            }
            try command.ask(.atTerminal(context.console), context.plugins)
        }
        return try command.write(in: context)
    }

    /// Asks for what was not given; what was is tried first, and each answer with it, so that nobody answers in vain.
    mutating func ask(_ interview: Interview, _ plugins: PluginRegistry) throws(UsageError) {
        let asksHub = !choice.keepsMigrationHub && !choice.addsMigration
        let asksIdentity = !choice.addsIdentity
        var trial = self
        // A condition may look at what an answer adds.
        if asksHub { trial.choice.keepsMigrationHub = true }
        if asksIdentity { trial.choice.addsIdentity = true }
        func refuseMistakes(_ change: (inout InitCommand) -> Void) throws(UsageError) {
            var tried = trial
            change(&tried)
            try tried.refuseMistakes(plugins)
            trial = tried
        }
        try refuseMistakes { _ in }
        if inputs.isEmpty {
            let usual = FilePath("AWSLogs").exists ? "AWSLogs" : nil
            inputs = try interview.ask(
                "Where are the log files? A folder, a file, or s3://BUCKET/PREFIX",
                usual: usual
            ) { input throws(UsageError) in
                try refuseMistakes { $0.inputs = [input] }
                return [input]
            }
        }
        if outputs.isEmpty {
            outputs = try interview.ask(
                "Which file is to be written? .csv is a table, .db a database, .jsonl JSON lines",
                usual: "events.csv"
            ) { output throws(UsageError) in
                try refuseMistakes { $0.outputs = [output] }
                return [output]
            }
        }
        // What '--migration' marks and '--hub' drops cannot be wanted both.
        if asksHub {
            choice.keepsMigrationHub = try interview.ask(
                "Only what AWS Migration Hub was asked to do?",
                usual: false
            ) { isYes throws(UsageError) in try refuseMistakes { $0.choice.keepsMigrationHub = isYes } }
        }
        if asksIdentity {
            choice.addsIdentity = try interview.ask(
                "Add who made each call, and with what credentials?",
                usual: true
            ) { isYes throws(UsageError) in try refuseMistakes { $0.choice.addsIdentity = isYes } }
        }
        if choice.selection.since == nil {
            choice.selection.since = try interview.ask(
                "From when on? A day (2026-05-31), a month, or so long ago (7d); nothing for all",
                usual: ""
            ) { answer throws(UsageError) in
                let since = try Self.since(answer)
                try refuseMistakes { $0.choice.selection.since = since }
                return since
            }
        }
        guard file == nil else { return }
        file = try interview.ask("Which file is the pipeline to be?", usual: Self.usualFile) {
            file throws(UsageError) in
            try Self.refuseExisting(file)
            try refuseMistakes { $0.file = file }
            return file
        }
    }

    private static func since(_ answer: String) throws(UsageError) -> TimeBound? {
        if answer.isEmpty { return nil }
        do throws(OptionError) {
            return try TimeBound(config: ConfigNode(.text(answer)))
        } catch {
            throw .refused(error.message)
        }
    }

    /// Refuses what `check` would, as far as it is known; standard input and output stand in for what is to be asked for.
    private func refuseMistakes(_ plugins: PluginRegistry) throws(UsageError) {
        let checked = PipelineCheck.check(
            tree: try tree(file ?? Self.usualFile),
            plugins: plugins,
            outputs: .files,
            beside: file.map { $0 == "-" ? [] : CommandFile.files(pipeline: $0, []) } ?? []
        )
        guard let mistake = checked.diagnostics.first(where: { $0.severity == .error }) else { return }
        throw .refused(ConvertCommand.inFlags(mistake))
    }

    private func write(in context: CommandContext) throws -> ExitCode {
        let file = file ?? Self.usualFile
        try Self.refuseExisting(file)
        let draft = PipelineDraft(file: file, tree: try tree(file), plugins: context.plugins.descriptions)
        let source = SourceText(name: file, text: draft.text)
        let checked = PipelineFile.check(
            source,
            plugins: context.plugins,
            outputs: .files,
            beside: CommandFile.files(pipeline: file, [])
        )
        context.console.show(checked.diagnostics, in: source)
        guard checked.plan != nil else {
            context.console.say("'\(file)' would hold a mistake, so it was not written")
            return .refusal(of: checked)
        }
        if file == "-" {
            try context.console.write(draft.text)
            return .success
        }
        try TextFile.create(draft.text, at: file)
        let there = outputs.filter { output in
            output != "-" && (try? OutputPlace(resolving: output))?.isThere == true
        }
        for output in there { context.console.say("warning: '\(output)' is there already, and a run replaces it") }
        let quoted = ShellWord.quoted(file)
        context.console.say(
            "\(file): a pipeline that is ready to run",
            advice: ["mhpipe check \(quoted)", "mhpipe run \(quoted)"]
        )
        return .success
    }

    /// The pipeline that `convert` would run for each output, put together.
    private func tree(_ file: String) throws(UsageError) -> ConfigNode {
        let inputs = inputs.isEmpty ? ["-"] : inputs
        let (outputs, isKnown) = outputs.isEmpty ? (["-"], false) : (outputs, true)
        // What only CSV takes is no mistake while there may be some.
        let formats = try outputs.map { output throws(UsageError) in isKnown ? try Self.format(of: output) : .csv }
        try choice.checkFit(formats, outputs, advice: "name an output with .csv at its end")
        var tree = ConfigNode(.mapping([]))
        var sinks: [ConfigEntry] = []
        for (number, (output, format)) in zip(outputs, formats).enumerated() {
            var command = choice
            command.output = output
            tree = command.tree(try Self.paths(inputs, output), format)
            let name = outputs.count == 1 ? "output" : "output_\(number + 1)"
            sinks += (tree["sinks"]?.entries ?? []).map { ConfigEntry(key: name, value: $0.value) }
        }
        let path = file.split(separator: "/").last.map(String.init) ?? file
        let stem = path.split(separator: ".").first.map(String.init) ?? Self.name
        let top = [("pipeline", stem == "-" ? Self.name : stem), ("quarantine", quarantine?.path)].compactMap {
            key,
            text in
            text.map { ConfigEntry(key: key, value: ConfigNode(.text($0))) }
        }
        let stages = (tree.entries ?? []).filter { $0.key == "sources" || $0.key == "transforms" }
        return ConfigNode(.mapping(top + stages + [ConfigEntry(key: "sinks", value: ConfigNode(.mapping(sinks)))]))
    }

    private static func refuseExisting(_ file: String) throws(UsageError) {
        guard file != "-", FilePath(file).exists else { return }
        throw .refused(
            "'\(file)' is there already, and 'init' replaces no file",
            advice: ["choose another name: mhpipe init NAME.conf"]
        )
    }

    /// The inputs and an output, in the words of this command.
    private static func paths(_ inputs: [String], _ output: String) throws(UsageError) -> ConversionPaths {
        try reworded { () throws(UsageError) in try ConversionPaths(inputs: inputs, output: output) }
    }

    private static func format(of output: String) throws(UsageError) -> OutputFormat {
        // In a pipeline it would be a mistake of quotes, which are the shell's here.
        let mistake = PathMistake(in: output, for: .outputFiles, isArgument: true, mayBeObject: true)
        if let mistake, mistake.literalPath.map({ FilePath($0).exists }) != true { throw .refused(mistake.diagnostic) }
        return try reworded { () throws(UsageError) in try OutputFormat(nameOf: output) }
    }

    private static func reworded<Value>(_ body: () throws(UsageError) -> Value) throws(UsageError) -> Value {
        do throws(UsageError) {
            return try body()
        } catch {
            var error = error
            error.message = error.message.replacing("INPUT '", with: "input '").replacing("OUTPUT '", with: "output '")
            error.advice = error.advice.map { advice in
                if advice.contains("'--to ") { return "give it one of these endings" }
                let hint = advice.replacing("the last argument is the file to write", with: "name the file to write")
                return hint.split(separator: ": mhpipe convert").first.map(String.init) ?? hint
            }
            throw error
        }
    }
}
