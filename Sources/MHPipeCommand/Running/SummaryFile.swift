import MHPipeKit
import MHPipeRuntime
import PipelineConfig

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where `--summary` wants the report: a file, or standard output for `-`.
struct SummaryFile {
    private let path: String

    /// Takes note of the place, and refuses one that could not be written after the run or would spoil it.
    ///
    /// - Throws: `UsageError`.
    init(_ path: String, beside plan: PipelinePlan) throws(UsageError) {
        self.path = path
        let uses = plan.sources.flatMap(\.pathUses) + plan.sinks.flatMap(\.pathUses)
        for sink in plan.sinks where sink.pathUses.contains(.output(path)) {
            let place = path == "-" ? "standard output" : "'\(path)'"
            throw .refused("'--summary' cannot go to \(place): sink '\(sink.name)' writes there")
        }
        if path == plan.settings.quarantine || uses.contains(.inputFile(path)) {
            throw .refused("'--summary' cannot go to '\(path)': the run needs that file")
        }
        guard path != "-" else { return }
        if let mistake = UsageError.mistake(in: path, for: .outputFile) { throw mistake }
        let nameMistake = OutputName(path).mistake(for: .json, isCompressed: false)
        if let nameMistake, nameMistake.severity == .error { throw .refused(nameMistake) }
        if let obstacle = OutputInspector.files.obstacle(path, needsRegularFile: false) {
            throw .refused(obstacle.message, advice: obstacle.notes)
        }
    }

    /// Writes a JSON object, keys sorted.
    ///
    /// - Throws: `StageError` when it cannot be written.
    func write(_ document: SummaryDocument, to console: Console) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
        if path == "-" {
            try console.write(text)
        } else {
            try TextFile.write(text, to: path)
        }
    }
}
