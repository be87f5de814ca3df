import Foundation
import Testing

@testable import PipelineConfig

/// No text is accepted with another meaning than YAML 1.2 gives it; what is no YAML is refused.
@Suite struct SuiteYAMLTests {
    @Test func whatIsAcceptedMeansWhatYAMLSays() throws {
        var accepted = 0
        for example in SuiteYAML.cases {
            let parsed = YAMLParser.parse(example.text)
            guard parsed.diagnostics.isEmpty else { continue }
            let tree = parsed.root.map(JSONTree.init) ?? .text("")
            let expected = try example.tree.map { try JSONDecoder().decode(JSONTree.self, from: Data($0.utf8)) }
            #expect(tree == expected, "\(example.name): \(example.text.debugDescription)")
            accepted += 1
        }
        #expect(accepted >= 80, "\(accepted) of \(SuiteYAML.cases.count) are accepted")
    }
}
