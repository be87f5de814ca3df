import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

/// Every mistake a pipeline file can have, as the user sees it.
///
/// `MHPIPE_RECORD=1 swift test --filter GoldenErrorTests` writes the pages anew, and fails so that it is not forgotten.
@Suite struct GoldenErrorTests {
    @Test(arguments: GoldenErrorCases.all)
    func `each mistake is shown as recorded`(_ example: GoldenErrorCase) throws {
        let source = SourceText(name: "audit.conf", bytes: example.bytes)
        let checked = PipelineFile.check(source, plugins: TestPlugins.registry, variables: example.variables)
        let page = example.text + "\n----\n" + DiagnosticPrinter(source: source).page(checked.diagnostics)
        let file = Repository.root.appending(path: "Tests/PipelineConfigTests/Golden/errors/\(example.name).txt")
        if ProcessInfo.processInfo.environment["MHPIPE_RECORD"] == "1" {
            try Data(page.utf8).write(to: file)
            Issue.record("recorded \(file.lastPathComponent)")
        } else {
            #expect(try String(contentsOf: file, encoding: .utf8) == page)
        }
        #expect(!checked.diagnostics.isEmpty)
        let hasError = checked.diagnostics.contains { $0.severity == .error }
        #expect((checked.plan == nil) == hasError)
    }

    @Test func `no recorded page is without its case`() throws {
        let folder = Repository.root.appending(path: "Tests/PipelineConfigTests/Golden/errors")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        #expect(Set(files) == Set(GoldenErrorCases.all.map { $0.name + ".txt" }))
    }
}

/// A file with mistakes.
struct GoldenErrorCase: CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var variables: [String: String] = [:]

    init(_ name: String, _ text: String, variables: [String: String] = [:]) {
        self.init(name, bytes: Array(text.utf8), variables: variables)
    }

    init(_ name: String, bytes: [UInt8], variables: [String: String] = [:]) {
        self.name = name
        self.bytes = bytes
        self.variables = variables
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var testDescription: String { name }
}
