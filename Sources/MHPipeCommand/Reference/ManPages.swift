import MHPipeKit
import PipelineConfig

/// The manual: a page for mhpipe, one for each command, and one for pipeline files, made of what these declare.
struct ManPages {
    let all: [ManPage]

    init(_ plugins: [PluginDescription]) {
        all = [Self.overview] + CommandList.all.map { Self.page($0) } + [Self.pipeline(plugins)]
    }

    /// What pages are called by whoever asks for one: `mhpipe`, `run`, `plugin-new`, `pipeline`.
    static let names = ["mhpipe"] + CommandList.names.map(fileName) + ["pipeline"]

    private static func fileName(_ command: String) -> String { command.replacing(" ", with: "-") }

    private static var overview: ManPage {
        var page = ManPage(name: "mhpipe", section: 1, summary: Self.purpose)
        page.heading("synopsis")
        page.paragraph("mhpipe COMMAND [options] ...")
        page.heading("description")
        page.paragraph(
            "mhpipe reads AWS CloudTrail logs, keeps what you ask for and writes it as JSON lines, CSV or SQLite."
        )
        page.paragraph("To begin with, where AWSLogs is a folder with log files:")
        for (line, what) in FirstSteps.lines { page.entry(line, [what]) }
        page.heading("commands")
        for command in CommandList.all {
            page.entry("\(command.name)", [command.summary + " See mhpipe-\(fileName(command.name))(1)."])
        }
        page.heading("options")
        page.entry("-h, --help", ["Shows the commands; behind a command, what it takes."])
        page.entry("-V, --version", ["Shows the version."])
        page.heading("exit status")
        for (code, meaning) in CommandList.exitCodes {
            page.entry(String(code.value), [meaning.capitalizedFirst + "."])
        }
        page.heading("see also")
        page.paragraph("mhpipe-run(1), mhpipe-convert(1), mhpipe-pipeline(5)")
        return page
    }

    private static func page<C: Command>(_ command: C.Type) -> ManPage {
        var page = ManPage(name: "mhpipe-\(fileName(C.name))", section: 1, summary: C.summary)
        page.heading("synopsis")
        page.paragraph(String(HelpPage.usage(of: command).dropFirst("Usage: ".count)))
        page.heading("description")
        page.paragraph(C.summary)
        let defaults = C()
        for (title, isOption) in [("arguments", false), ("options", true)] {
            let parameters = C.parameters.filter { ($0.description.count == nil) == isOption }
            if parameters.isEmpty, !isOption { continue }
            page.heading(title)
            for parameter in parameters {
                let value = parameter.defaultText(defaults)
                let help = parameter.description.help + (value.isEmpty ? "" : " Default: \(value).")
                page.entry(parameter.description.shown, [help])
            }
            if isOption { page.entry(ParameterDescription.help.shown, [ParameterDescription.help.help]) }
        }
        if !C.notes.isEmpty {
            if !C.notes.hasPrefix("Example") { page.heading("notes") }
            page.notes(C.notes)
        }
        page.heading("see also")
        page.paragraph("mhpipe(1), mhpipe-pipeline(5)")
        return page
    }

    private static func pipeline(_ plugins: [PluginDescription]) -> ManPage {
        var page = ManPage(name: "mhpipe-pipeline", section: 5, summary: "Pipeline files of mhpipe.")
        page.heading("description")
        page.paragraph(
            """
            A pipeline file says where events come from, what happens to them, and where they go, in a part of YAML. \
            mhpipe-check(1) says what is wrong with one, mhpipe-run(1) runs it. A value can hold ${NAME}, a variable of \
            the environment or of --set, and ${NAME:-TEXT}, which is TEXT where there is none.
            """
        )
        page.example(Self.sample.split(separator: "\n", omittingEmptySubsequences: false))
        page.heading("keys")
        for (key, what) in [
            ("sources", "Where events come from: stages by name, each with its type and the options of that."),
            ("transforms", "What happens to them, from one to the next."), ("sinks", "Where they go."),
        ] {
            page.entry("\(key)", [what])
        }
        for key in TopLevelKey.settings {
            page.entry("\(key.name)", [key.help] + (key.example.map { ["Example: \($0)"] } ?? []))
        }
        for kind in PluginDescription.Kind.allCases {
            let own = plugins.filter { $0.kind == kind }
            if own.isEmpty { continue }
            page.heading(kind.plural)
            for plugin in own {
                page.subheading("type: \(plugin.name)")
                page.paragraph(plugin.summary)
                for option in plugin.options { page.entry("\(option.key):", details(option)) }
            }
        }
        page.heading("see also")
        page.paragraph("mhpipe(1), mhpipe-check(1), mhpipe-run(1), mhpipe-plugins(1)")
        return page
    }

    private static func details(_ option: PluginDescription.OptionDescription) -> [String] {
        let type = option.typeName.capitalizedFirst + (option.isRequired ? "; required." : ".")
        let value = option.defaultText.isEmpty ? [] : ["Default: \(option.defaultText)"]
        return [type, option.help] + value + (option.example.map { ["Example: \($0)"] } ?? [])
    }

    private static let purpose = "Reads AWS CloudTrail logs and writes what is asked for."

    private static let sample = """
        sources:
          logs:
            type: directory
            path: ${LOGS:-./AWSLogs}

        transforms:
          hub:
            type: migration_hub

        sinks:
          audit:
            type: sqlite
            path: audit.db
        """
}
