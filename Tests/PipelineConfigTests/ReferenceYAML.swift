import Foundation
import MHPipeKit
import MHPipeTestSupport

@testable import PipelineConfig

/// PyYAML's `BaseLoader`, where Python has it: what a YAML parser makes of documents when every scalar is text.
enum ReferenceYAML {
    /// Reads documents, all in one process.
    ///
    /// - Returns: For each document its tree, or nil where it is no YAML; nil when there is no PyYAML.
    static func trees(of documents: [String]) throws -> [JSONTree?]? {
        let folder = try TemporaryDirectory()
        let input = try folder.write(JSONEncoder().encode(documents), to: "documents.json")
        let script = try folder.write(script, to: "reference.py")
        let output = folder.path("trees.json")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", script, input, output]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            print("note: python3 with PyYAML is not there; the comparison with it has nothing to do")
            return nil
        }
        return try JSONDecoder().decode([JSONTree?].self, from: folder.read("trees.json"))
    }

    private static let script = """
        import json, sys, yaml
        def shape(value):
            if value is None: return ["t", ""]
            if isinstance(value, str): return ["t", value]
            if isinstance(value, list): return ["l", [shape(item) for item in value]]
            return ["m", [[shape(key), shape(item)] for key, item in value.items()]]
        trees = []
        for document in json.load(open(sys.argv[1], encoding="utf-8")):
            try: trees.append(shape(yaml.load(document, Loader=yaml.BaseLoader)))
            except Exception: trees.append(None)
        json.dump(trees, open(sys.argv[2], "w", encoding="ascii"))
        """
}

/// A tree in the form in which both sides are compared; an empty value is an empty text, as `BaseLoader` has it.
indirect enum JSONTree: Hashable, Decodable, CustomStringConvertible {
    case text(String)
    case list([JSONTree])
    case mapping([[JSONTree]])

    init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        switch try values.decode(String.self) {
        case "t": self = .text(try values.decode(String.self))
        case "l": self = .list(try values.decode([JSONTree].self))
        default: self = .mapping(try values.decode([[JSONTree]].self))
        }
    }

    init(_ node: ConfigNode) {
        switch node.content {
        case .null: self = .text("")
        case .text(let text): self = .text(text)
        case .list(let elements): self = .list(elements.map(JSONTree.init))
        case .mapping(let entries): self = .mapping(entries.map { [.text($0.key), JSONTree($0.value)] })
        }
    }

    var description: String {
        switch self {
        case .text(let text): "\(text.debugDescription)"
        case .list(let elements): "\(elements)"
        case .mapping(let entries): "{\(entries.map { "\($0[0]): \($0[1])" }.joined(separator: ", "))}"
        }
    }
}

extension YAMLParser {
    /// Parses a text and leaves `${NAME}` as it is written.
    static func parse(_ text: String) -> Document {
        var interpolator: Interpolator?
        return parse(SourceText(name: "test.conf", text: text), interpolator: &interpolator)
    }
}
