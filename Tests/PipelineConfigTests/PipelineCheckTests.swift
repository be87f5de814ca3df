import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

@Suite struct PipelineCheckTests {
    private static func check(_ text: String) -> CheckedPipeline {
        PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: TestPlugins.registry)
    }

    @Test func `stages without inputs follow each other`() throws {
        let checked = Self.check(
            """
            sources:
              a: {type: folder, path: /usr}
              b: {type: folder, path: /etc}
            transforms:
              c: {type: add_names}
              d: {type: add_names}
            sinks:
              e: {type: jsonl, path: "-"}
              f: {type: table, path: x.db, inputs: [c, b]}
            """
        )
        #expect(checked.diagnostics.map(\.message) == ["what 'c' has from 'b' comes to sink 'f' twice"])
        let plan = try #require(checked.plan)
        #expect(plan.sources.map(\.name) == ["a", "b"])
        #expect(plan.transforms.map(\.inputs) == [["a", "b"], ["c"]])
        #expect(plan.sinks.map(\.inputs) == [["d"], ["c", "b"]])
        #expect(plan.sources[0].pathUses == [.inputTree("/usr")])
        #expect(try plan.sinks[1].make(PluginContext(stage: "f")) is TableSink)
    }

    @Test func `without transforms a sink takes every source`() throws {
        let plan = try #require(
            Self.check(
                """
                sources: {a: {type: folder, path: /usr}, b: {type: folder, path: /etc}}
                sinks: {e: {type: jsonl, path: "-"}}
                """
            ).plan
        )
        #expect(plan.sinks.map(\.inputs) == [["a", "b"]])
        #expect(plan.settings.workers == nil)
    }

    @Test func `transforms come after their inputs, else in the order of the file`() throws {
        let checked = Self.check(
            """
            sources: {s: {type: folder, path: /usr}}
            transforms:
              a: {type: add_names, inputs: c}
              b: {type: add_names, inputs: s}
              c: {type: add_names, inputs: b}
              d: {type: add_names, inputs: [a, s]}
            sinks: {e: {type: jsonl, path: "-"}}
            """
        )
        #expect(checked.diagnostics.map(\.message) == ["what 'a' has from 's' comes to transform 'd' twice"])
        #expect(checked.plan?.transforms.map(\.name) == ["b", "c", "a", "d"])
    }

    @Test func `settings reach the plan`() throws {
        let plan = try #require(
            Self.check(
                """
                pipeline: audit
                workers: 3
                quarantine: bad.jsonl
                on_error: fail
                on_damage: drop
                max_record_bytes: 1MiB
                max_file_bytes: 2GiB
                sources: {s: {type: folder, path: /usr}}
                sinks: {e: {type: jsonl, path: "-"}}
                """
            ).plan
        )
        #expect(plan.name == "audit")
        #expect(plan.settings.workers == 3)
        #expect(plan.settings.quarantine == "bad.jsonl")
        #expect(plan.settings.onError == .fail)
        #expect(plan.settings.onDamage == .drop)
        #expect(plan.settings.maxRecordBytes == 1 << 20)
        #expect(plan.settings.maxFileBytes == 2 << 30)
    }

    @Test func `a tree made in code is checked without places`() {
        func mapping(_ entries: [(String, ConfigNode)]) -> ConfigNode {
            ConfigNode(.mapping(entries.map { ConfigEntry(key: $0.0, value: $0.1) }))
        }
        func text(_ text: String) -> ConfigNode { ConfigNode(.text(text)) }
        let sources = mapping([("in", mapping([("type", text("files")), ("paths", text("/etc/passwd"))]))])
        let sink = mapping([("type", text("jsonl")), ("path", text("-"))])
        let good = PipelineCheck.check(
            tree: mapping([("sources", sources), ("sinks", mapping([("out", sink)]))]),
            plugins: TestPlugins.registry
        )
        #expect(good.diagnostics.isEmpty)
        #expect(good.plan?.sinks.first?.inputs == ["in"])

        let bad = mapping([("type", text("jsonl")), ("pth", text("x")), ("mode", text("none"))])
        let checked = PipelineCheck.check(
            tree: mapping([("sources", sources), ("sinks", mapping([("out", bad)]))]),
            plugins: TestPlugins.registry
        )
        #expect(checked.plan == nil)
        #expect(
            checked.diagnostics.map(\.message) == [
                "sink 'jsonl' has no option 'pth'", "'mode' needs one of plain, pretty, not 'none'",
            ]
        )
        #expect(checked.diagnostics.allSatisfy { $0.span == nil })
    }

    @Test func `links and relative paths do not hide an output inside an input`() throws {
        let folder = try TemporaryDirectory()
        try folder.write("{}", to: "logs/a.json")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"),
            withDestinationPath: folder.path("logs")
        )
        func messages(input: String, output: String) -> [String] {
            Self.check(
                """
                sources: {s: {type: folder, path: "\(input)"}}
                sinks: {e: {type: jsonl, path: "\(output)"}}
                """
            ).diagnostics.map(\.message)
        }
        let mistake = ["sink 'e' writes into the folder that source 's' reads"]
        #expect(messages(input: folder.path("logs"), output: folder.path("link/out.jsonl")) == mistake)
        #expect(messages(input: folder.path("link"), output: folder.path("logs/new/out.jsonl")) == mistake)
        #expect(messages(input: folder.path("logs/."), output: folder.path("x/../logs/out.jsonl")) == mistake)
        #expect(messages(input: folder.path("logs"), output: folder.path("logs.jsonl")).isEmpty)
        #expect(messages(input: folder.path("logs"), output: folder.path("out/logs")).isEmpty)
        #expect(messages(input: folder.path("none"), output: folder.path("none/out")).count == 2)
    }

    @Test(.timeLimit(.minutes(30)))
    func `a pipeline of many stages is checked soon`() {
        let stages = (0..<5000).map { "  t\($0): {type: add_names}\n" }.joined()
        let checked = Self.check(
            "sources: {s: {type: folder, path: /usr}}\ntransforms:\n\(stages)sinks: {e: {type: jsonl, path: \"-\"}}\n"
        )
        #expect(checked.plan?.transforms.count == 5000)
    }
}
