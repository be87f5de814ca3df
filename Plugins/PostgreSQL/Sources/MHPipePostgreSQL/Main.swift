import MHPipeBuiltins
import MHPipeCommand
import MHPipeKit

@main
struct Main {
    static let plugins = PluginRegistry.builtin.adding(sinks: [PostgreSQLSink.self])

    static func main() {
        CommandLineTool.main(plugins: plugins)
    }
}
