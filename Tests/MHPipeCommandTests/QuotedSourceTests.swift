import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeRuntime
import MHPipeTestSupport
import PipelineConfig
import Testing

/// The source with a selection that `docs/writing-plugins.md` shows is the one that is tried here.
@Suite struct QuotedSourceTests {
    private static let east = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/a.json.gz"
    private static let west = "AWSLogs/111122223333/CloudTrail/us-west-2/2026/01/31/b.json.gz"

    @Test func isQuoted() throws {
        let file = Repository.root.appending(path: "Tests/MHPipeCommandTests/ArchiveSource.swift")
        let text = try String(contentsOf: file, encoding: .utf8).replacing("import MHPipeKit\n\n", with: "")
        let page = try String(contentsOf: Repository.root.appending(path: "docs/writing-plugins.md"), encoding: .utf8)
        #expect(page.contains("```swift\n\(text)```\n"))
    }

    private func source(_ selection: String) throws -> (source: ArchiveSource?, mistakes: [String]) {
        let text = """
            sources: {logs: {type: archive, files: ["\(Self.east)", "\(Self.west)"], \(selection)}}
            sinks: {lines: {type: silent}}
            """
        let plugins = PluginRegistry(sources: [ArchiveSource.self], sinks: [SilentSink.self])
        let checked = PipelineFile.check(SourceText(name: "p.conf", text: text), plugins: plugins)
        let made = try checked.plan?.sources[0].make(PluginContext(stage: "logs")) as? ArchiveSource
        return (made, checked.diagnostics.map(\.message))
    }

    @Test(
        arguments: [
            ("regions: us-east-1", [QuotedSourceTests.east]),
            ("accounts: '999988887777'", []),
            ("since: 2026-02-02", []),
            ("until: 2025-12-31", []),
            ("until: 2025-12-31, late: 60d", [QuotedSourceTests.east, QuotedSourceTests.west]),
            ("since: 2026-01-30", [QuotedSourceTests.east, QuotedSourceTests.west]),
        ]
    )
    func opensNoOthers(selection: String, expected: [String]) throws {
        let source = try #require(try source(selection).source)
        #expect(try source.units { _ in }.map(\.name) == expected)
    }

    @Test func theRunDropsTheOtherEvents() throws {
        let text = """
            sources: {logs: {type: archive, files: ["x.json"], regions: us-east-1}}
            sinks: {lines: {type: silent}}
            """
        let plugins = PluginRegistry(sources: [ArchiveSource.self], sinks: [SilentSink.self])
        let plan = try #require(PipelineFile.check(SourceText(name: "p.conf", text: text), plugins: plugins).plan)
        let report = try PipelineRun(plan).run()
        #expect(report.eventsIn == 2 && report.eventsFiltered == 1 && report.eventsKept == 1)
    }

    @Test func mistakesAreTold() throws {
        #expect(try source("since: 2026-02-01, until: 2026-01-01").mistakes.first?.contains("behind 'until'") == true)
        #expect(try source("late: 2d").mistakes.first?.contains("changes nothing") == true)
    }
}

/// One file of the archive.
struct ArchivedFile: SourceUnit {
    let name: String
    let facts: UnitFacts
    var size: Int? { nil }

    func open() -> any ByteStream {
        let records = ["us-east-1", "us-west-2"].map { #"{"eventVersion":"1.08","awsRegion":"\#($0)"}"# + "\n" }
        return MemoryUnit(name, Array(records.joined().utf8)).open()
    }
}
