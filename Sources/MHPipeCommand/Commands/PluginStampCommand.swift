import MHPipeKit
import PipelineConfig

/// `mhpipe plugin stamp [LIBRARY]`.
struct PluginStampCommand: Command {
    static let name = "plugin stamp"
    static let summary = "Shows which mhpipe this is, or which one a library was built for."
    static let notes = """
        A library is loaded only by the mhpipe whose stamp it carries. 'make install' keeps the stamp beside
        the kit, so that the two cannot be mixed up.
        """

    static let parameters: [Parameter<PluginStampCommand>] = [
        .optionalPositional("LIBRARY", \.library, "The library whose stamp is shown; left out, that of this mhpipe.")
    ]

    var library: String?

    func run(in context: CommandContext) throws -> ExitCode {
        try context.console.write(try stamp().text + "\n")
        return .success
    }

    private func stamp() throws(UsageError) -> PluginStamp {
        guard let library else {
            do {
                let host = try HostProgram()
                // The compiler is known by the kit that it has made; a program without one has none to tell of.
                return host.stamp(swift: (try? InstalledKit(of: host))?.swiftVersion ?? "")
            } catch {
                throw .refused(error.message, advice: error.notes)
            }
        }
        guard let stamp = WholeFile.read(library).flatMap({ PluginStamp(in: $0) }) else {
            throw .refused("'\(library)' has no stamp", advice: ["'mhpipe plugin build' makes libraries that have one"])
        }
        return stamp
    }
}
