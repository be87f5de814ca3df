import MHPipeKit

/// `mhpipe plugin build [DIR]`.
struct PluginBuildCommand: Command {
    static let name = "plugin build"
    static let summary = "Builds the library of a package of plugins for this mhpipe."
    static let notes = """
        The library stands in the package's folder then. It is for this very mhpipe; after an update it is
        built anew. The Swift toolchain in PATH must be of the version that built mhpipe.

        Example:
          mhpipe plugin build tag_team && mhpipe plugins --plugin tag_team/libTagTeam.so
        """

    static let parameters: [Parameter<PluginBuildCommand>] = [
        .optionalPositional("DIR", \.folder, "The package's folder; left out, the current one."),
        .option("product", "NAME", \.product, "The product to build, when the package has several libraries."),
    ]

    var folder: String?
    var product: String?

    func run(in context: CommandContext) throws -> ExitCode {
        let library = try PluginBuild(folder: folder ?? ".", product: product, context: context).run()
        let plugins = library.plugins.descriptions.map { "\($0.kind.rawValue) \($0.name)" }.joined(separator: ", ")
        context.console.say("\(library.path): \(plugins.isEmpty ? "no plugin" : plugins)")
        return .success
    }
}
