package import MHPipeKit
import PipelineConfig

/// Options of a plugin as they stand in a pipeline file, for checks that run the plugin.
///
/// `${FOLDER}` in them stands for a folder of the check's own. For a source it holds `a.json`, `b.json.gz` and
/// `sub/c.jsonl`, and `files.txt`, a list of their paths; for a sink it is empty, and all outputs must be files or folders
/// directly in it.
public struct PluginSample: Sendable {
    /// The sample cannot be used.
    public struct Mistake: Error, CustomStringConvertible {
        /// What is wrong with it.
        public let description: String
    }

    /// The lines below the stage's name, without its `type`; or what messages call the sample.
    public let options: String
    /// The file with samples that it stands in, and the line where it begins; nil when it stands in none.
    private let file: String?
    private let line: Int?
    private let read: @Sendable (_ folder: String) throws -> [ConfigEntry]
    /// Reads what a sink wrote, in a form in which equal events give equal texts.
    let contents: @Sendable (String) throws -> String

    /// Makes a sample.
    ///
    /// - Parameters:
    ///   - options: The lines below the stage's name; `${FOLDER}` stands for a folder of the check's own.
    ///   - contents: For a sink: reads the file at a path, and throws when it is not what the sink should write. The
    ///     text of the file unless something else is said, in base 64 where it is no UTF-8.
    public init(
        _ options: String = "",
        contents: (@Sendable (String) throws -> String)? = nil
    ) {
        self.options = options
        self.contents = contents ?? Self.text
        (file, line) = (nil, nil)
        read = { try Self.entries(options, folder: $0) }
    }

    /// Makes a sample of options that stand in a larger text.
    init(
        _ name: String,
        file: String?,
        line: Int?,
        read: @escaping @Sendable (_ folder: String) throws -> [ConfigEntry]
    ) {
        options = name
        self.file = file
        self.line = line
        contents = Self.text
        self.read = read
    }

    private static let text: @Sendable (String) throws -> String = { path in
        let bytes = try ConformanceFolder.bytes(of: path)
        return String(validating: bytes, as: UTF8.self) ?? Base64.text(bytes)
    }

    /// True when the options name the folder of the check, in which there may be nothing.
    var namesFolder: Bool { (try? read("/some")) != (try? read("/other")) }

    /// What makes the sample useless.
    func mistake(_ description: String, line place: Int? = nil) -> Mistake {
        let place = file.map { file in (place ?? line).map { "\(file):\($0): " } ?? "\(file): " } ?? ""
        return Mistake(description: "\(place)the sample '\(options)': \(description)")
    }

    package func decode<P: Plugin>(_ type: P.Type, _ kind: PluginDescription.Kind, folder: String) throws -> P.Options {
        let entries = try read(folder)
        var diagnostics: [Diagnostic] = []
        let label = StageLabel(kind: kind.rawValue, plugin: P.name)
        let decoded = OptionDecoder.decode(P.Options.self, entries, stage: label, diagnostics: &diagnostics)
        guard let decoded else {
            let mistakes = diagnostics.map { $0.message + ($0.label.map { " (\($0))" } ?? "") }
            throw mistake(mistakes.joined(separator: "; "), line: diagnostics.first?.span?.line)
        }
        return decoded
    }

    /// The names of the outputs that options name, in the folder.
    static func outputs(of options: some PluginOptions) -> [String] {
        options.pathUses.compactMap { use in
            switch use {
            case .output(let path), .outputTree(let path): path.split(separator: "/").last.map(String.init)
            case .outputFiles(let template): template.folder.split(separator: "/").last.map(String.init)
            case .inputFile, .inputTree, .program: nil
            }
        }
    }

    /// The entries of some lines of a pipeline file.
    static func entries(_ text: String, folder: String = "", file: String? = nil) throws -> [ConfigEntry] {
        let source = SourceText(name: file ?? "sample.conf", text: text)
        let (tree, diagnostics) = PipelineFile.parse(source, environment: ["FOLDER": folder])
        guard let tree else {
            let mistakes = diagnostics.map { diagnostic in
                (diagnostic.span.map { "line \($0.line): " } ?? "") + diagnostic.message
            }
            let text = file.map { "\($0) is" } ?? "'\(text)' is"
            throw Mistake(description: "\(text) not YAML: \(mistakes.joined(separator: "; "))")
        }
        return tree.entries ?? []
    }
}
