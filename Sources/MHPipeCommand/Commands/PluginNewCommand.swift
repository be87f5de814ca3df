import MHPipeKit
import PipelineConfig

/// `mhpipe plugin new NAME`.
struct PluginNewCommand: Command {
    static let name = "plugin new"
    static let summary = "Makes a package with a plugin, a test and a pipeline, to begin your own from."
    static let notes = """
        The package makes a library that this mhpipe loads. With --static it makes a program: mhpipe with
        the plugin beside the built-in ones, compiled together with the sources of mhpipe.

        Examples:
          mhpipe plugin new tag_team
          mhpipe plugin new archive --kind sink --static
        """

    /// The kinds, as words of the command line.
    enum KindChoice: String, OptionChoice {
        case source
        case transform
        case sink
    }

    static let parameters: [Parameter<PluginNewCommand>] = [
        .positional(
            "NAME",
            \.plugin,
            "The plugin's name, lower case with underscores; also that of the folder.",
            completion: .nothing
        ),
        .option("kind", "KIND", \.kindChoice, "What it is: 'source', 'transform' or 'sink'."),
        .flag("static", \.isStatic, "Compiles the plugin into a program of its own."),
        .option(
            "sources",
            "DIR",
            \.sources,
            "Where the sources of mhpipe are, for --static; left out, where this mhpipe was built."
        ),
    ]

    var plugin = ""
    var kindChoice = KindChoice.transform
    var isStatic = false
    var sources: String?

    func run(in context: CommandContext) throws -> ExitCode {
        if sources != nil, !isStatic { throw UsageError("'--sources' is for '--static' only") }
        let template = PluginTemplate(name: plugin, kind: kind, delivery: try delivery())
        if let mistake = template.nameMistake { throw UsageError("'NAME' \(mistake)") }
        if context.plugins.descriptions.contains(where: { $0.kind == kind && $0.name == plugin }) {
            throw UsageError(
                "there is a \(kind.rawValue) '\(plugin)' already, and two of one name cannot be told apart"
            )
        }
        if FilePath(plugin).exists {
            throw UsageError.refused(
                "'\(plugin)' is there already",
                advice: ["choose another name, or go to another folder"]
            )
        }
        for file in template.files {
            let path = "\(plugin)/\(file.path)"
            try makeFolders(above: path)
            try TextFile.write(file.text, to: path)
        }
        context.console.say("\(plugin): a \(kind.rawValue) that is ready to build", advice: next)
        return .success
    }

    private var kind: PluginDescription.Kind {
        switch kindChoice {
        case .source: .source
        case .transform: .transform
        case .sink: .sink
        }
    }

    /// What to type now.
    private var next: [String] {
        isStatic
            ? ["cd \(plugin)", "swift test", "swift run \(plugin) run pipeline.conf"]
            : ["cd \(plugin)", "mhpipe plugin build", "mhpipe plugin test", "mhpipe run pipeline.conf"]
    }

    private func delivery() throws -> PluginTemplate.Delivery {
        guard isStatic else {
            do {
                return .library(kit: try InstalledKit(of: HostProgram()).folder)
            } catch let refusal as PluginLoader.Refusal {
                throw UsageError.refused(refusal.message, advice: refusal.notes)
            }
        }
        let checkout = sources ?? Self.builtFrom
        guard FilePath(checkout + "/Package.swift").exists, let folder = FilePath(checkout).resolved else {
            throw UsageError.refused(
                sources == nil
                    ? "cannot find the sources of mhpipe, which '--static' compiles"
                    : "'\(checkout)' holds no package: it has no Package.swift",
                advice: ["say where they are: --sources DIR"]
            )
        }
        return .program(checkout: folder.text)
    }

    private func makeFolders(above path: String) throws {
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += folder.isEmpty ? part : "/\(part)"
            try TextFile.makeFolder(folder)
        }
    }

    /// The folder that this file was compiled in, four levels down.
    private static let builtFrom = (0..<4).reduce(FilePath(#filePath)) { path, _ in path.directory }.text
}
