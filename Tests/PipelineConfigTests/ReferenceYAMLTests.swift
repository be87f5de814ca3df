import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

@Suite struct ReferenceYAMLTests {
    @Test(arguments: [1, 2] as [UInt64])
    func `generated texts mean what a YAML parser says, or are refused`(seed: UInt64) throws {
        var generator = GeneratedYAML(seed: seed)
        var documents: [String] = []
        for _ in 0..<1000 {
            let document = generator.document()
            documents += [document, generator.mutated(document), generator.soup(), generator.soup()]
        }
        guard let reference = try ReferenceYAML.trees(of: documents) else { return }
        var accepted = 0
        for (document, expected) in zip(documents, reference) {
            guard let tree = Self.tree(document) else { continue }
            accepted += 1
            #expect(tree == expected, "\(document.debugDescription)")
        }
        let valid = reference.count { $0 != nil }
        #expect(accepted * 10 > valid * 8, "\(accepted) of the \(valid) valid texts are accepted")
    }

    @Test func `texts that must be accepted mean what a YAML parser says`() throws {
        for text in AcceptedYAML.all { #expect(Self.tree(text) != nil, "\(text.debugDescription)") }
        guard let reference = try ReferenceYAML.trees(of: AcceptedYAML.all) else { return }
        for (text, expected) in zip(AcceptedYAML.all, reference) {
            #expect(Self.tree(text) == expected, "\(text.debugDescription)")
        }
    }

    private static func tree(_ text: String) -> JSONTree? {
        let parsed = YAMLParser.parse(text)
        return parsed.diagnostics.isEmpty ? parsed.root.map(JSONTree.init) ?? .text("") : nil
    }
}
