import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// What runs with `mode: append` say to sources and sinks.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunAppendTests {
    /// A unit with a version.
    private struct VersionedUnit: SourceUnit {
        let base: MemoryUnit
        let version: String

        var name: String { base.name }
        var id: UnitID { UnitID(base.name, version: version) }
        var size: Int? { base.size }

        func open() -> any ByteStream { base.open() }
    }

    /// A file that grows.
    private struct LinesSink: FileSink, ResumableSink {
        static let name = "lines"
        static let summary = "Writes lines."

        struct Options: PluginOptions {
            var path: OutputPath = ""

            static let all: [Option<Options>] = []
        }

        var output: FileOutput

        init(_ options: Options, _ context: PluginContext) {
            output = FileOutput(options.path, context)
        }
    }

    private let folder: TemporaryDirectory
    private let journal = QueueJournal()

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func run(_ units: [(String, String)], _ change: (inout QueueSource.Options) -> Void = { _ in }) throws
        -> RunReport
    {
        var options = QueueSource.Options()
        options.journal = journal
        options.units = units.map { name, version in
            VersionedUnit(base: MemoryUnit(name, (TrailText.record(0, 0) + "\n").utf8), version: version)
        }
        change(&options)
        var pipeline = ScriptedPipeline()
        pipeline.plan.sources.append(Stage("in", QueueSource.self, options))
        let sink = LinesSink.Options(path: OutputPath(stringLiteral: folder.path("out.jsonl")))
        pipeline.plan.sinks.append(Stage("out", LinesSink.self, sink, inputs: ["in"]))
        pipeline.plan.settings.state = StateSettings(folder: folder.path("st"), identity: "a", interval: .zero)
        pipeline.plan.settings.state?.appends = true
        pipeline.plan.settings.state?.pipeline = "a"
        return try pipeline.run()
    }

    private var lines: Int {
        get throws { try folder.read("out.jsonl").split(separator: UInt8(ascii: "\n")).count }
    }

    /// A source that was not told, since the run ended before, is told by the next one.
    @Test func whatAnEarlierRunHasCommittedIsAcknowledged() throws {
        let failure = StageError("the queue is gone")
        #expect(throws: StageError.self) {
            try run([("a", "1"), ("b", "1")]) { $0.commitFailure = failure }
        }
        #expect(try lines == 2)
        let second = try run([("a", "1"), ("b", "1")])
        #expect(second.outcome == .nothingNew)
        #expect(journal.lines == ["committed a b", "released a b", "committed a b"])
        let third = try run([("a", "1"), ("c", "1"), ("b", "2")])
        #expect(third.outcome == .completed)
        #expect(try lines == 3)
        #expect(third.files == 1 && third.filesCommitted == 1 && third.filesChanged == 1)
        // One that has changed is not read by any later run either; the user is told.
        #expect(journal.lines.count == 4)
        #expect(journal.lines.last?.split(separator: " ").sorted() == ["a", "b", "c", "committed"])
    }

    @Test func aUnitWithoutAVersionFailsTheRun() throws {
        #expect { try run([]) { $0.units = [MemoryUnit("a", [])] } } throws: {
            ($0 as? StageError)?.message.contains("second time") == true
        }
    }
}
