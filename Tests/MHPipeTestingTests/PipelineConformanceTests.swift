import Foundation
import MHPipeKit
import MHPipeRuntime
import MHPipeTesting
import Testing

/// The checks in whole pipelines, and those of single calls that pipelines make.
@Suite(.timeLimit(.minutes(30))) struct PipelineConformanceTests {
    private static let engine: ConformanceEngine = { plan, started in
        let run = PipelineRun(plan)
        started { run.cancel() }
        _ = try run.run()
    }

    @Test func findsThatTheNumberOfWorkersMakesADifference() throws {
        let findings = try PluginConformance.transform(Numbering.self, PluginSample(), engine: Self.engine)
        #expect(findings.contains("8 workers make another output than one"))
        #expect(!findings.contains { $0.hasPrefix("a run that is cancelled") })
    }

    @Test func findsARunThatFails() throws {
        let findings = try PluginConformance.transform(Choosy.self, PluginSample(), engine: Self.engine)
        #expect(findings.contains { $0.hasPrefix("a run with 1 workers: throws no name") }, "\(findings)")
        #expect(findings.contains { $0.hasPrefix("throws no name for the record ") })
    }

    @Test func findsASinkThatCannotFinishTwice() throws {
        let findings = try PluginConformance.sink(
            Once.self,
            PluginSample("path: ${FOLDER}/out.txt"),
            engine: Self.engine
        )
        #expect(findings == ["a second finish throws it is finished"])
    }

    @Test func saysOfEachFindingWhatItIsAbout() throws {
        var samples = PluginSamples()
        samples.add(PluginSample("field: eventName\nsize: 1"), .transform, "choosy")
        let error = #expect(throws: PluginSample.Mistake.self) {
            try PluginConformance.check(PluginRegistry(transforms: [Choosy.self]), samples: samples)
        }
        #expect(error?.description.contains("transform 'choosy' has no option 'size'") == true)
        let findings = try PluginConformance.check(PluginRegistry(transforms: [Numbering.self]))
        #expect(findings.map(\.plugin).allSatisfy { $0 == "numbering" })
        #expect(findings.map(\.description).contains("transform 'numbering': a batch split at 1 gives something else"))
    }

    @Test func aTrialGivesWhatTheSinkWouldWrite() throws {
        let lines = try PluginTrial.lines(Numbering.self, records: ["{}", #"{"a":1}"#])
        #expect(lines == [#"{"n":1}"#, #"{"a":1,"n":2}"#])
    }
}

private struct Numbering: Transform {
    static let name = "numbering"
    static let summary = "Numbers the events that one worker sees."
    private var count = 0

    init(_ options: NoOptions, _ context: PluginContext) {}

    mutating func process(_ batch: EventBatch) {
        let column = batch.addColumn("n")
        for event in batch {
            count += 1
            column.set(.int(count), row: event.row)
        }
    }
}

private struct Choosy: Transform {
    static let name = "choosy"
    static let summary = "Wants an event of some size."

    init(_ options: NoOptions, _ context: PluginContext) {}

    func process(_ batch: EventBatch) throws {
        if batch.contains(where: { $0[FieldPath("eventName")]?.string == nil }) { throw StageError("no name") }
    }
}

/// Writes as it should, but only once.
private struct Once: Sink {
    static let name = "once"
    static let summary = "Finishes once."

    struct Options: PluginOptions {
        var path: OutputPath = ""
        static let all: [Option<Options>] = [.required("path", \.path, "The file.", example: "x")]
    }

    private let path: String
    private var bytes: [UInt8] = []
    private var isFinished = false

    init(_ options: Options, _ context: PluginContext) { path = options.path.path }

    mutating func open() throws {
        guard FileManager.default.createFile(atPath: path + ".part", contents: nil) else {
            throw StageError("cannot write '\(path)'")
        }
    }

    mutating func write(_ more: UnsafeBufferPointer<UInt8>) { bytes += more }

    mutating func finish() throws {
        if isFinished { throw StageError("it is finished") }
        isFinished = true
        try Data(bytes).write(to: URL(filePath: path + ".part"))
    }

    mutating func commit() throws {
        guard rename(path + ".part", path) == 0 else { throw StageError("cannot write '\(path)'") }
    }

    mutating func abort() { try? FileManager.default.removeItem(atPath: path + ".part") }
}
