import MHPipeBuiltins
import MHPipeCommand
import MHPipeKit

@main
struct Main {
    static let plugins = PluginRegistry.builtin.adding(
        sources: [ManifestSource.self, PagesSource.self, SpoolSource.self],
        transforms: [TagTeamTransform.self, FirstCallTransform.self, OutcomeTransform.self],
        sinks: [TallySink.self, AccountsSink.self, LedgerSink.self]
    )

    static func main() {
        CommandLineTool.main(plugins: plugins)
    }
}
