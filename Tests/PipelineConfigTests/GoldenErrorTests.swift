import Foundation
import MHPipeBuiltins
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

/// Every mistake a pipeline file can have, as the user sees it: `Golden/errors/NAME.conf` and the page `NAME.txt`; those
/// that only the built-in plugins show are in `Golden/builtins`.
///
/// `MHPIPE_RECORD=1 swift test --filter GoldenErrorTests` writes the pages anew, and fails so that it is not forgotten.
/// A line `# --set NAME=value` in a file stands for that argument.
@Suite struct GoldenErrorTests {
    enum Folder: String, CaseIterable {
        case errors, builtins

        var plugins: PluginRegistry { self == .errors ? TestPlugins.registry : .builtin }
        var url: URL { Repository.root.appending(path: "Tests/PipelineConfigTests/Golden/\(rawValue)") }

        func names(_ kind: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false))
                .filter { $0.hasSuffix("." + kind) }.map { String($0.dropLast(kind.count + 1)) }.sorted()
        }
    }

    @Test(arguments: try Folder.allCases.flatMap { folder in try folder.names("conf").map { (folder, $0) } })
    func `each mistake is shown as recorded`(_ folder: Folder, _ name: String) throws {
        let bytes = try Data(contentsOf: folder.url.appending(path: name + ".conf"))
        let source = SourceText(name: "audit.conf", bytes: bytes)
        let checked = PipelineFile.check(source, plugins: folder.plugins, variables: Self.variables(source))
        let page = DiagnosticPrinter(source: source).page(checked.diagnostics)
            .replacingOccurrences(of: "'\(Self.startFolder)'", with: "'/current/folder'")
        let file = folder.url.appending(path: name + ".txt")
        if ProcessInfo.processInfo.environment["MHPIPE_RECORD"] == "1" {
            try Data(page.utf8).write(to: file)
            Issue.record("recorded \(name).txt: look at it before you commit it")
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == page)
        #expect(!checked.diagnostics.isEmpty)
        #expect((checked.plan == nil) == checked.diagnostics.contains { $0.severity == .error })
    }

    @Test(arguments: Folder.allCases)
    func `each page has its file`(_ folder: Folder) throws {
        #expect(try folder.names("txt") == folder.names("conf"))
    }

    private static let startFolder = URL(filePath: FileManager.default.currentDirectoryPath)
        .resolvingSymlinksInPath().path(percentEncoded: false)

    private static func variables(_ source: SourceText) -> [String: String] {
        var variables: [String: String] = [:]
        for line in source.lines where line.hasPrefix("# --set ") {
            let parts = line.dropFirst("# --set ".count).split(separator: "=", maxSplits: 1)
            variables[String(parts[0])] = String(parts[1])
        }
        return variables
    }
}
