import Foundation
package import MHPipeKit
import PipelineConfig

/// Options of a plugin as they stand in a pipeline file, for checks that run the plugin.
public struct PluginSample: Sendable {
    /// The sample cannot be used.
    public struct Mistake: Error, CustomStringConvertible {
        /// What is wrong with it.
        public let description: String
    }

    /// The lines below the stage's name, without its `type`.
    public let options: String
    /// Reads what a sink wrote, in a form in which equal events give equal texts.
    let contents: @Sendable (String) throws -> String

    /// Makes a sample.
    ///
    /// - Parameters:
    ///   - options: The lines below the stage's name; `${FOLDER}` stands for a folder of the check's own.
    ///   - contents: For a sink: reads the file at a path, and throws when it is not what the sink should write. The
    ///     text of the file unless something else is said.
    public init(
        _ options: String = "",
        contents: (@Sendable (String) throws -> String)? = nil
    ) {
        self.options = options
        self.contents = contents ?? { try String(contentsOfFile: $0, encoding: .utf8) }
    }

    /// Decodes the options.
    package func decode<P: Plugin>(_ type: P.Type, _ kind: PluginDescription.Kind, folder: String) throws -> P.Options {
        let entries = try Self.entries(options, folder: folder)
        var diagnostics: [Diagnostic] = []
        let label = StageLabel(kind: kind.rawValue, plugin: P.name)
        let decoded = OptionDecoder.decode(P.Options.self, entries, stage: label, diagnostics: &diagnostics)
        guard let decoded else {
            throw Mistake(description: "the sample '\(options)': \(diagnostics.map(\.message).joined(separator: "; "))")
        }
        return decoded
    }

    /// The entries of some lines of a pipeline file.
    static func entries(_ text: String, folder: String = "") throws -> [ConfigEntry] {
        let source = SourceText(name: "sample.conf", text: text)
        let (tree, diagnostics) = PipelineFile.parse(source, environment: ["FOLDER": folder])
        guard let tree else {
            throw Mistake(description: "'\(text)' is not YAML: \(diagnostics.map(\.message).joined(separator: "; "))")
        }
        return tree.entries ?? []
    }
}
