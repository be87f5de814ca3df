import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

/// Inputs that are read twice, as far as the check can see.
@Suite struct RepeatedInputTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        for name in ["logs/a.json", "logs/b/c.json", "other/x.json"] { try folder.write("x", to: name) }
        let files = FileManager.default
        try files.createSymbolicLink(atPath: folder.path("link.json"), withDestinationPath: "logs/a.json")
        try files.createSymbolicLink(atPath: folder.path("folder"), withDestinationPath: "logs")
        try files.linkItem(atPath: folder.path("logs/a.json"), toPath: folder.path("hard.json"))
    }

    /// The warnings about two sources.
    private func warnings(_ first: String, _ second: String) -> [Diagnostic] {
        func source(_ name: String, _ text: String) -> String {
            let isFile = text.hasSuffix(".json")
            let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
            let key = isFile ? "paths" : "path"
            let more = parts.count > 1 ? ", \(parts[1])" : ""
            return "  \(name): {type: \(isFile ? "files" : "folder"), \(key): \"\(folder.path(parts[0]))\"\(more)}\n"
        }
        let text =
            "sources:\n" + source("one", first) + source("two", second) + "sinks:\n  out: {type: jsonl, path: out}\n"
        let checked = PipelineFile.check(
            SourceText(name: "p.conf", text: text),
            plugins: TestPlugins.registry
        )
        #expect(checked.plan != nil, "\(checked.diagnostics.map(\.message))")
        return checked.diagnostics.filter { $0.severity == .warning }
    }

    @Test(
        arguments: [
            ("logs", "logs"), ("logs", "logs/"), ("logs", "folder"), ("logs", "logs/b"), ("logs/b", "logs"),
            ("folder", "logs/b"),
            ("logs", "logs/b/../b"), ("logs", "logs/a.json"), ("logs/a.json", "logs"), ("logs", "link.json"),
            ("logs/a.json", "link.json"), ("logs/a.json", "hard.json"), ("hard.json", "link.json"),
            ("logs include: [x]", "logs"), ("logs/a.json", "logs/a.json"),
        ]
    )
    func `inputs that meet are told`(first: String, second: String) {
        let warnings = warnings(first, second)
        #expect(warnings.count == 1)
        #expect(warnings.first?.span?.line == 3)
        #expect(warnings.first?.message.contains("source 'one'") == true)
        #expect(warnings.first?.notes == ["a file that both read is read twice, and its events count twice"])
    }

    @Test func `inputs of which no event can meet are not told`() {
        let sources = ["a", "b"].map { "  \($0): {type: folder, path: \"\(folder.path("logs"))\"}\n" }.joined()
        let sinks = ["a", "b"].map { "  to_\($0): {type: jsonl, path: \($0), inputs: \($0)}\n" }.joined()
        let source = SourceText(name: "p.conf", text: "sources:\n\(sources)sinks:\n\(sinks)")
        let checked = PipelineFile.check(source, plugins: TestPlugins.registry)
        #expect(checked.plan != nil && checked.diagnostics.isEmpty, "\(checked.diagnostics.map(\.message))")
    }

    @Test(
        arguments: [
            ("logs", "other"), ("logs/b", "other"), ("logs/b", "logs/a.json"), ("logs/a.json", "logs/b/c.json"),
            ("logs", "hard.json"),
            ("logs include: [x]", "logs/b"), ("logs include: [x]", "logs/a.json"),
            ("logs include: [x]", "logs include: [y]"),
        ]
    )
    func `inputs that do not are not`(first: String, second: String) {
        #expect(warnings(first, second).isEmpty)
    }
}
