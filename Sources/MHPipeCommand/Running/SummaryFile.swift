import MHPipeIO
import MHPipeKit
import MHPipeRuntime
import PipelineConfig

/// Where `--summary` wants the report: a file, or standard output for `-`.
///
/// A file is written like any output: beside its name, which it gets when it is whole.
struct SummaryFile {
    /// Nil for standard output.
    private let file: (any OutputFile)?

    /// Opens the file, and refuses one that cannot be written.
    ///
    /// - Throws: `UsageError`.
    init(_ path: String) throws(UsageError) {
        guard path != "-" else {
            file = nil
            return
        }
        if let mistake = UsageError.mistake(in: path, for: .outputFile) { throw mistake }
        let nameMistake = OutputName(path).mistake(for: .json, isCompressed: false)
        if let nameMistake, nameMistake.severity == .error { throw .refused(nameMistake) }
        do {
            file = try Output.open(path)
        } catch {
            throw MachineFault.isOne(error.errorNumber)
                ? .machineFault(error.message, advice: error.advice)
                : .refused(error.message, advice: error.advice.map { [$0] } ?? [])
        }
    }

    /// Writes a JSON object, keys sorted.
    ///
    /// - Throws: `StageError` when it cannot be written; the old file is as it was.
    func write(_ document: SummaryDocument, to console: Console) throws {
        var text = try document.json(isPretty: true) + "\n"
        guard let file else { return try console.write(text) }
        do {
            try text.withUTF8 { try unsafe file.write($0) }
            try file.finish()
            try file.commit()
        } catch let failure as OutputFailure {
            throw StageError(failure)
        }
    }
}
