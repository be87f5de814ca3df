import MHPipeBuiltins
import MHPipeCommand
import MHPipeGeoIP
import MHPipeKit

@main
struct Main {
    static func main() {
        CommandLineTool.main(plugins: PluginRegistry.builtin.adding(transforms: GeoIPPlugins.transforms))
    }
}
