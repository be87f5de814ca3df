import MHPipeKit
import PipelineConfig

extension Console {
    /// Shows what a check found, in the order of the file, and how much it was.
    ///
    /// - Parameters:
    ///   - diagnostics: Errors and warnings.
    ///   - source: The file they are about.
    func show(_ diagnostics: [Diagnostic], in source: SourceText) {
        guard !diagnostics.isEmpty else { return }
        let printer = DiagnosticPrinter(source: source, isColored: isColored)
        show(printer.page(diagnostics) + "\n")
        say("\(source.name): \(DiagnosticPrinter.count(diagnostics))")
    }

    /// Shows what a check found in a pipeline that stands in no file.
    ///
    /// - Parameters:
    ///   - diagnostics: Errors and warnings.
    ///   - argument: The argument that those with a place are about, under the option's name.
    func show(_ diagnostics: [Diagnostic], of argument: SourceText? = nil) {
        for diagnostic in diagnostics {
            if let argument, diagnostic.span != nil {
                show(DiagnosticPrinter(source: argument, isColored: isColored).text(diagnostic))
                continue
            }
            let severity = diagnostic.severity == .warning ? "warning: " : ""
            let label = diagnostic.label.map { "; \($0)" } ?? ""
            say(severity + diagnostic.message + label, advice: diagnostic.notes)
        }
    }
}
