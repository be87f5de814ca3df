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

    /// `since: 1d` and `now()` would mean other events in the second half.
    @Test(arguments: [false, true]) func aRunThatGoesOnCountsAgesFromTheFirstBeginning(appends: Bool) throws {
        let starts = Locked<[Timestamp]>([])
        func pipeline(failsBehindACheckpoint: Bool) -> ScriptedPipeline {
            var pipeline = ScriptedPipeline()
            let units = ["a", "b"].map {
                VersionedUnit(base: MemoryUnit($0, (TrailText.record(0, 0) + "\n").utf8), version: "1")
            }
            pipeline.source(units)
            let checkpoint = folder.path("st/checkpoint")
            pipeline.transform("look") { batch, context in
                let isFirst = starts.withLock { starts in
                    starts.append(context.started)
                    return starts.count == 1
                }
                guard failsBehindACheckpoint, !isFirst else { return }
                while !FileManager.default.fileExists(atPath: checkpoint) { sched_yield() }
                throw StageError("it fails")
            }
            let sink = LinesSink.Options(path: OutputPath(stringLiteral: folder.path("out.jsonl")))
            pipeline.plan.sinks.append(Stage("out", LinesSink.self, sink, inputs: ["look"]))
            pipeline.plan.settings.state = StateSettings(folder: folder.path("st"), identity: "a", interval: .zero)
            pipeline.plan.settings.state?.appends = appends
            pipeline.plan.settings.state?.pipeline = "a"
            return pipeline
        }
        #expect(throws: StageError.self) { try pipeline(failsBehindACheckpoint: true).run(workers: 1) }
        let report = try pipeline(failsBehindACheckpoint: false).run(workers: 1)
        #expect(report.filesBefore == 1 && report.files == 2)
        let all = starts.withLock { $0 }
        #expect(all.count == 3 && Set(all).count == 1)
        #expect(report.started == all[0].description)
        // The next one is a run of its own.
        if !appends {
            _ = try pipeline(failsBehindACheckpoint: false).run(workers: 1)
            #expect(starts.withLock { $0.last } != all[0])
        }
    }

    @Test func aUnitWithoutAVersionFailsTheRun() throws {
        #expect { try run([]) { $0.units = [MemoryUnit("a", [])] } } throws: {
            ($0 as? StageError)?.message.contains("second time") == true
        }
    }
}
