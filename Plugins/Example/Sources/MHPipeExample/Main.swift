import MHPipeBuiltins
import MHPipeCommand
import MHPipeKit

@main
struct Main {
    static let plugins = PluginRegistry.builtin.adding(
        sources: [ManifestSource.self, PagesSource.self],
        transforms: [TagTeamTransform.self],
        sinks: [TallySink.self, AccountsSink.self]
    )

    static func main() {
        CommandLineTool.main(plugins: plugins)
    }
}
