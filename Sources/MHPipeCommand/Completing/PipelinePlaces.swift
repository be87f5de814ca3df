import Libc
import MHPipeIO
import MHPipeKit
import PipelineConfig

/// What options can name in a pipeline file: variables, stages with their options, and tests.
struct PipelinePlaces {
    private typealias Candidate = CommandLineCompletion.Candidate

    private let variables: [String]
    private let tree: ConfigNode?
    private let plugins: PluginRegistry

    /// Larger files are no pipelines that anybody wrote.
    private static let maximumBytes = 1 << 20

    /// Reads a pipeline file; one that cannot be read has no places.
    init(_ path: String, plugins: PluginRegistry, environment: [String: String]) {
        self.plugins = plugins
        let isAtHome = path.hasPrefix("~/")
        let path = isAtHome ? (environment["HOME"] ?? "~") + path.dropFirst() : path
        guard let bytes = Self.read(path) else {
            (variables, tree) = ([], nil)
            return
        }
        let source = SourceText(name: path, bytes: bytes)
        variables = PipelineFile.variables(in: source).sorted()
        let values = Dictionary(variables.map { ($0, "x") }) { first, _ in first }
        tree = PipelineFile.parse(source, variables: values).tree
    }

    /// What begins as the text does, up to the next dot.
    ///
    /// A name that a shell would act on is not offered, since the file may be anybody's.
    func candidates(for typed: String) -> [CommandLineCompletion.Candidate] {
        places(for: typed).filter { candidate in
            candidate.value.utf8.allSatisfy { byte in
                Self.plain.contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            }
        }
    }

    /// The tests, with the lines that they stand on.
    ///
    /// Shells quote what they put in. A name that could do something all the same is not offered, since the file may be
    /// anybody's.
    var tests: [CommandLineCompletion.Candidate] {
        let tests = (tree?["tests"]?.entries ?? []).filter { test in
            test.key.unicodeScalars.allSatisfy {
                !"$`\\!".unicodeScalars.contains($0) && $0.properties.generalCategory != .control
            }
        }
        return tests.map { Candidate(value: $0.key, help: $0.keySpan.map { "Line \($0.line)" } ?? "") }
    }

    private static let plain = Array("0123456789_-.=".utf8)

    private func places(for typed: String) -> [CommandLineCompletion.Candidate] {
        let keys = typed.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        switch keys.count {
        case 1:
            let sections = PluginDescription.Kind.allCases.map(\.plural).filter { tree?[$0]?.entries != nil }
            return variables.map { Candidate(value: "\($0)=", help: "The variable ${\($0)}") }
                + sections.map { Candidate(value: "\($0).", help: "A place in the file") }
        case 2:
            return (tree?[keys[0]]?.entries ?? []).map { stage in
                Candidate(value: "\(keys[0]).\(stage.key).", help: stage.value["type"]?.text ?? "")
            }
        case 3:
            guard let stage = tree?[keys[0]]?[keys[1]] else { return [] }
            let plugin = plugins.descriptions.first { plugin in
                plugin.kind.plural == keys[0] && plugin.name == stage["type"]?.text
            }
            let options = (plugin?.options ?? []).map { ($0.key, $0.help.firstSentence) }
            let written = (stage.entries ?? []).map { ($0.key, "") }
            return (options + written).map { Candidate(value: "\(keys[0]).\(keys[1]).\($0)=", help: $1) }
        default:
            return []
        }
    }

    /// The bytes of a file that is one: a pipe would keep the shell waiting.
    private static func read(_ path: String) -> [UInt8]? {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= maximumBytes,
            let file = FilePath(path).open(O_RDONLY)
        else { return nil }
        return DescriptorReading.all(of: file.number, most: maximumBytes)
    }
}
