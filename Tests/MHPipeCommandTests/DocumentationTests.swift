import Foundation
import MHPipeBuiltins
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// Every whole pipeline that the documents show passes the check.
@Suite struct DocumentationTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let document: String
        let text: String

        var testDescription: String { "\(document): \(text.prefix(40))" }
    }

    private static let examples: [Example] = {
        let files = FileManager.default.enumerator(
            at: Repository.root.appending(path: "docs"),
            includingPropertiesForKeys: nil
        )
        let documents = (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "md" }
        return ([Repository.root.appending(path: "README.md")] + documents).flatMap { document -> [Example] in
            let text = (try? String(contentsOf: document, encoding: .utf8)) ?? ""
            let blocks = text.components(separatedBy: "```yaml\n").dropFirst()
            return blocks.compactMap { $0.components(separatedBy: "```").first }
                .filter { $0.contains("sources:\n") && $0.contains("sinks:\n") }
                .map { Example(document: document.lastPathComponent, text: $0) }
        }
    }()

    @Test func thereAreExamples() {
        #expect(Self.examples.count { $0.document == "README.md" } == 1)
        #expect(Self.examples.count { $0.document == "pipeline-format.md" } >= 3)
    }

    @Test(arguments: examples)
    func passesTheCheck(example: Example) throws {
        let folder = try TemporaryDirectory()
        let run = CommandRun(["check", try folder.write(example.text, to: "example.conf")], plugins: .builtin)
        #expect(run.exitCode == 0, "\(run.errors)")
    }
}
