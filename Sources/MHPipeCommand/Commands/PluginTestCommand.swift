import Libc
import MHPipeKit
import MHPipeRuntime
import MHPipeTesting
import PipelineConfig

/// `mhpipe plugin test [PATH]`.
struct PluginTestCommand: Command {
    static let name = "plugin test"
    static let summary = "Tries the plugins of a package or library with everything that must hold for any plugin."
    static let notes = """
        The plugins are tried with the options in the package's samples.conf; a plugin that has none there
        is tried with the examples of the options it needs.

        Exit codes: 0 when all holds, 1 when something does not.

        Examples:
          mhpipe plugin test tag_team
          mhpipe plugin test ./libTagTeam.so --samples tag_team/samples.conf
        """

    static let parameters: [Parameter<PluginTestCommand>] = [
        .optionalPositional(
            "PATH",
            \.path,
            "A package, which is built first, or a library; left out, the package in the current folder."
        ),
        .option("samples", "FILE", \.samples, "The options to try the plugins with, in place of samples.conf."),
    ]

    var path: String?
    var samples: String?

    func run(in context: CommandContext) throws -> ExitCode {
        let path = path ?? "."
        let plugins = try plugins(path, context)
        let samples = try readSamples(path)
        for (name, place) in samples.unusedPlaces(by: plugins.descriptions) {
            let known = plugins.descriptions.map { "\($0.kind.plural).\($0.name)" }
            let label = Suggestion.label(for: name, among: known).map { "; \($0)" } ?? ""
            context.console.say(
                "warning: \(place.map { "\($0): " } ?? "")there are samples for '\(name)', which is no plugin of '\(path)'\(label)"
            )
        }
        let findings = try PluginConformance.check(plugins, samples: samples, engine: Self.engine)
        for plugin in plugins.descriptions {
            let title = "\(plugin.kind.rawValue) \(plugin.name)"
            let own = findings.filter { $0.kind == plugin.kind && $0.plugin == plugin.name }
            let tried = Readable.count(samples.samples(for: plugin).count, "sample")
            try context.console.write(
                "\(title), \(tried): \(own.isEmpty ? "ok" : Readable.count(own.count, "finding"))\n"
            )
            for finding in own { try context.console.write("  \(finding.text)\(finding.place)\n") }
        }
        if plugins.descriptions.isEmpty { context.console.say("'\(path)' holds no plugin") }
        return findings.isEmpty && !plugins.descriptions.isEmpty ? .success : .failure
    }

    /// Runs whole pipelines as `mhpipe run` does.
    private static let engine: ConformanceEngine = { plan, started in
        let run = PipelineRun(plan)
        started { run.cancel() }
        _ = try run.run()
    }

    private func plugins(_ path: String, _ context: CommandContext) throws -> PluginRegistry {
        if isFolder(path) { return try PluginBuild(folder: path, product: nil, context: context).run().plugins }
        var plugins = PluginRegistry()
        do {
            try context.loader.load(path, into: &plugins)
        } catch {
            throw UsageError.refused(error.message, advice: error.notes)
        }
        return plugins
    }

    private func readSamples(_ path: String) throws -> PluginSamples {
        let folder = isFolder(path) ? path : path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        let file = samples ?? (folder.isEmpty ? "samples.conf" : "\(folder)/samples.conf")
        guard let bytes = WholeFile.read(file) else {
            if samples == nil { return PluginSamples() }
            throw UsageError.refused("cannot read '\(file)': \(WholeFile.reason)")
        }
        do {
            return try PluginSamples(parsing: String(decoding: bytes, as: UTF8.self), file: file)
        } catch let mistake as PluginSample.Mistake {
            throw UsageError.refused("\(mistake)")
        }
    }

    private func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
