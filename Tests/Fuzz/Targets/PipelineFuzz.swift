import MHPipeBuiltins
import MHPipeKit
import PipelineConfig

/// A pipeline file: whatever it holds, there is a plan or a mistake, and every mistake has its place in the text.
enum PipelineFuzz {
    static func run(_ bytes: [UInt8]) throws {
        let source = SourceText(name: "fuzz.conf", bytes: bytes)
        let variables = ["X": "x", "a.b": "1"]
        _ = PipelineFile.parse(source, variables: variables)
        let checked = PipelineFile.check(source, plugins: .builtin, variables: variables)
        let hasErrors = checked.diagnostics.contains { $0.severity == .error }
        try FuzzFailure.unless((checked.plan == nil) == hasErrors, "a plan and a mistake, or neither")
        let printer = DiagnosticPrinter(source: source)
        for diagnostic in checked.diagnostics {
            try FuzzFailure.unless(!diagnostic.message.isEmpty, "a mistake without words")
            try FuzzFailure.unless(!printer.text(diagnostic).isEmpty, "a mistake that is not shown")
        }
    }
}
