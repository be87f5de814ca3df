import MHPipeIO
import MHPipeKit
import MHPipePlan
import PipelineConfig

/// Where a plan comes from: the pipeline, its variables, the libraries of plugins.
///
/// Values that come from the environment are never said, and of those of `--set` only what is no secret by its name.
struct Provenance: Sendable {
    /// A variable of the pipeline, or a place in it that `--set` names.
    private struct Variable: Encodable {
        var name: String
        var from: String
        /// Nil for what may be a secret.
        var value: String?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(name, forKey: .name)
            try container.encode(from, forKey: .from)
            try container.encode(value, forKey: .value)
        }

        private enum Key: CodingKey { case name, from, value }
    }

    private var file: String?
    private var text: SourceText?
    private var tree: ConfigNode?
    private var settings: [Setting] = []
    private var options: [ConfigEntry] = []
    private var libraries: [String] = []

    init() {}

    /// That of a pipeline file.
    init(file: String, text: SourceText, settings: [Setting], options: [ConfigEntry], libraries: [String]) {
        (self.file, self.text, self.settings) = (file, text, settings)
        (self.options, self.libraries) = (options, libraries)
    }

    /// That of a pipeline that stands in no file.
    init(tree: ConfigNode) {
        self.tree = tree
    }

    /// The members of the manifest's first line.
    ///
    /// - Throws: `StageError` when a library cannot be read.
    func members(of plan: PipelinePlan, started: String) throws -> String {
        let versions = Dictionary(LibraryVersions.all.map { ($0.name, $0.version) }) { first, _ in first }
        let members: [(String, String)] = [
            ("mhpipe", try json(Version.current)),
            ("build", try json((try? HostProgram())?.buildID)),
            ("libraries", try json(versions)),
            ("plugins", try json(try libraries.map(Self.library))),
            ("pipeline", try json(plan.name)),
            ("pipelineFile", try json(file.map { FilePath($0).text })),
            ("pipelineSha256", try json(try digest)),
            ("pipelineTree", tree.map(Self.line) ?? "null"),
            ("variables", try json(variables)),
            ("options", Self.line(ConfigNode(.mapping(options)))),
            ("directory", try json(WorkingFolder.path)),
            ("sources", try json(plan.sources.map(Self.stage))),
            ("sinks", try json(plan.sinks.map { Self.sink($0, of: plan) })),
            ("started", try json(started)),
        ]
        return members.map { "\"\($0)\":\($1)" }.joined(separator: ",")
    }

    private func json(_ value: some Encodable) throws -> String {
        try JSONDocument.text(value)
    }

    /// The hash of the pipeline file as it was read, or of the tree as `pipelineTree` has it.
    private var digest: String? {
        get throws {
            guard let bytes = text?.bytes ?? tree.map({ Array(Self.line($0).utf8) }) else { return nil }
            let hash = try SHA256()
            hash.update(bytes)
            return Hexadecimal.text(hash.finish())
        }
    }

    private var variables: [Variable] {
        let given = settings.variables
        let asked = text.map { PipelineFile.variables(in: $0) } ?? []
        return asked.union(given.keys).sorted().map { name in
            guard let value = given[name] else {
                return Variable(name: name, from: "environment", value: nil)
            }
            return Variable(name: name, from: "set", value: Self.mayBeSecret(name, value) ? nil : value)
        }
    }

    /// True for what has the name of a secret, or holds a password in an address.
    private static func mayBeSecret(_ name: String, _ value: String) -> Bool {
        let words = ["secret", "token", "passw", "pwd", "passphrase", "credential", "key", "auth", "dsn", "conninfo"]
        let name = name.lowercased()
        if words.contains(where: name.contains) { return true }
        guard let scheme = value.firstRange(of: "://") else { return value.lowercased().contains("password=") }
        return value[scheme.upperBound...].prefix { $0 != "/" }.contains("@")
    }

    private static func library(_ path: String) throws -> [String: String] {
        do {
            return ["path": FilePath(path).text, "sha256": Hexadecimal.text(try FileDigest(FilePath(path)).sha256)]
        } catch let failure as InputFailure {
            throw StageError("\(failure)")
        }
    }

    private struct StageNote: Encodable {
        var name: String
        var plugin: String
        var paths: [String]
        /// Nil where there is nothing to say.
        var stamped: [String]?
    }

    private static func stage<Instance>(_ stage: Stage<Instance>) -> StageNote {
        StageNote(name: stage.name, plugin: stage.plugin, paths: stage.pathUses.map { FilePath($0.path).text })
    }

    private static func sink(_ sink: Stage<any Sink>, of plan: PipelinePlan) -> StageNote {
        var note = stage(sink)
        let stamped = plan.keysStamped(above: sink.name).sorted()
        note.stamped = stamped.isEmpty ? nil : stamped
        return note
    }

    /// A tree as JSON on one line.
    private static func line(_ node: ConfigNode) -> String {
        // No text in JSON has a line end in it.
        ConfigTree.json(node).split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
    }
}
