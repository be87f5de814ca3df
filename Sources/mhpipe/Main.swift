import MHPipeBuiltins
import MHPipeCommand

@main
struct Main {
    static func main() {
        CommandLineTool.main(plugins: .builtin)
    }
}
