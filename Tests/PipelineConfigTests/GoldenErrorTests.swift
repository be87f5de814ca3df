import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

/// Every mistake a pipeline file can have, as the user sees it: `Golden/errors/NAME.conf` and the page `NAME.txt`.
///
/// `MHPIPE_RECORD=1 swift test --filter GoldenErrorTests` writes the pages anew, and fails so that it is not forgotten.
/// A line `# --set NAME=value` in a file stands for that argument.
@Suite struct GoldenErrorTests {
    @Test(arguments: try Self.names("conf"))
    func `each mistake is shown as recorded`(_ name: String) throws {
        let bytes = try Data(contentsOf: Self.folder.appending(path: name + ".conf"))
        let source = SourceText(name: "audit.conf", bytes: bytes)
        let checked = PipelineFile.check(source, plugins: TestPlugins.registry, variables: Self.variables(source))
        let page = DiagnosticPrinter(source: source).page(checked.diagnostics)
        let file = Self.folder.appending(path: name + ".txt")
        if ProcessInfo.processInfo.environment["MHPIPE_RECORD"] == "1" {
            try Data(page.utf8).write(to: file)
            Issue.record("recorded \(name).txt: look at it before you commit it")
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == page)
        #expect(!checked.diagnostics.isEmpty)
        #expect((checked.plan == nil) == checked.diagnostics.contains { $0.severity == .error })
    }

    @Test func `each page has its file`() throws {
        #expect(try Self.names("txt") == Self.names("conf"))
    }

    private static let folder = Repository.root.appending(path: "Tests/PipelineConfigTests/Golden/errors")

    private static func names(_ kind: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
            .filter { $0.hasSuffix("." + kind) }.map { String($0.dropLast(kind.count + 1)) }.sorted()
    }

    private static func variables(_ source: SourceText) -> [String: String] {
        var variables: [String: String] = [:]
        for line in source.lines where line.hasPrefix("# --set ") {
            let parts = line.dropFirst("# --set ".count).split(separator: "=", maxSplits: 1)
            variables[String(parts[0])] = String(parts[1])
        }
        return variables
    }
}
