import Foundation
import MHPipeKit
import MHPipeTestSupport
import PipelineConfig

/// Makes a plugin from the lines of a pipeline file, and keeps what it says.
final class ExecStage: @unchecked Sendable /* one queue at a time, and read when the plugin is at rest */ {
    private(set) var warnings: [String] = []
    private(set) var relayed: [String] = []

    var context: PluginContext {
        var context = PluginContext(stage: "x", warn: { [self] in warnings.append($0) })
        context.relay = { [self] in relayed.append($0) }
        return context
    }

    func make<P: Plugin>(_ type: P.Type, _ options: String, isCheck: Bool = false) throws -> P {
        let source = SourceText(name: "test.conf", text: options)
        let tree = PipelineFile.parse(source, environment: [:]).0
        var diagnostics: [Diagnostic] = []
        let label = StageLabel(kind: "stage", plugin: P.name)
        let decoded = OptionDecoder.decode(P.Options.self, tree?.entries ?? [], stage: label, diagnostics: &diagnostics)
        guard let decoded else { throw OptionError(diagnostics.map(\.message).joined(separator: "; ")) }
        return try P(decoded, isCheck ? PluginContext(stage: "x", isCheck: true, warn: context.warn) : context)
    }

    /// The options of a stage that runs a script with `sh`.
    static func shell(_ script: String, _ more: String = "") -> String {
        "command: [sh, -c, \(quoted(script))]\n" + more
    }

    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    /// The lines of a batch, as sinks write them.
    static func lines(_ batch: EventBatch) -> [String] {
        let output = OutputBuffer()
        JSONLines().append(batch, to: output)
        return String(decoding: output.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
