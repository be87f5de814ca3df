import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

@Suite struct ReferenceYAMLTests {
    @Test func `generated texts mean what a YAML parser says, or are refused`() throws {
        var generator = GeneratedYAML(seed: UInt64(ProcessInfo.processInfo.environment["SEED"] ?? "1") ?? 1)
        var documents: [String] = []
        for _ in 0..<(Int(ProcessInfo.processInfo.environment["N"] ?? "4000") ?? 1) {
            let document = generator.document()
            documents += [document, generator.mutated(document)]
        }
        guard let reference = try ReferenceYAML.trees(of: documents) else { return }
        var accepted = 0
        for (document, expected) in zip(documents, reference) {
            let parsed = YAMLParser.parse(document)
            guard parsed.diagnostics.isEmpty else { continue }
            accepted += 1
            let tree = parsed.root.map(JSONTree.init) ?? .text("")
            #expect(tree == expected, "\(document.debugDescription)")
        }
        print("accepted \(accepted) of \(documents.count); PyYAML \(reference.count { $0 != nil })")
        var reasons: [String: [String]] = [:]
        for (document, expected) in zip(documents, reference) where expected != nil {
            if let first = YAMLParser.parse(document).diagnostics.first {
                reasons[first.message, default: []].append(document)
            }
        }
        for (reason, texts) in reasons.sorted(by: { $0.value.count > $1.value.count }) {
            print(texts.count, reason, texts.min { $0.count < $1.count }!.debugDescription)
        }
    }
}
