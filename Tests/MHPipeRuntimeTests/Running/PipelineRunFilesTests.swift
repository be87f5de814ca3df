import MHPipeKit
import MHPipeTestSupport
import Synchronization
import Testing

@testable import MHPipeRuntime

/// What becomes of every file that the sources came by.
@Suite struct PipelineRunFilesTests {
    /// A list whose source came by more than its units.
    private struct TestList: UnitList {
        var units: [any SourceUnit]
        var tally: InputTally?
        var identities: [FileIdentity?] = []
        var mayRepeat = false

        var count: Int { units.count }
        var bytes: Int? { nil }

        func unit(at place: Int) -> any SourceUnit { units[place] }
        func identity(at place: Int) -> FileIdentity? { identities.isEmpty ? nil : identities[place] }
        mutating func forgetIdentities() { identities = [] }
    }

    private struct TestSource: ListingSource {
        static let name = "test_list"
        static let summary = "Hands out a list."

        struct Options: PluginOptions {
            var list = TestList(units: [])
            static let all: [Option<Options>] = []
        }

        private let options: Options

        init(_ options: Options, _ context: PluginContext) { self.options = options }

        func list(report: (UnreadableInput) -> Void) -> any UnitList { options.list }
    }

    private static func pipeline(_ lists: TestList...) -> (ScriptedPipeline, SinkJournal) {
        var pipeline = ScriptedPipeline()
        for (number, list) in lists.enumerated() {
            pipeline.plan.sources.append(Stage("in\(number)", TestSource.self, TestSource.Options(list: list)))
        }
        let journal = pipeline.sink()
        return (pipeline, journal)
    }

    @Test func whatWasLeftOutIsInTheReport() throws {
        let tally = InputTally(seen: 7, leftOut: 3, others: 2)
        let (pipeline, _) = Self.pipeline(TestList(units: [TrailText.unit(0, 1), TrailText.unit(1, 1)], tally: tally))
        let report = try pipeline.run()
        #expect(report.filesSeen == 7 && report.files == 2 && report.filesLeftOut == 3 && report.otherFiles == 2)
        #expect(report.accountsForFiles && !report.hasProblems)
    }

    @Test(arguments: [
        InputTally(seen: 3), InputTally(seen: 1), InputTally(seen: 2, leftOut: 1), InputTally(seen: 2, others: 1),
    ])
    func aFileThatNobodyAccountsForEndsTheRun(tally: InputTally) throws {
        let (pipeline, journal) = Self.pipeline(
            TestList(units: [TrailText.unit(0, 1), TrailText.unit(1, 1)], tally: tally)
        )
        let error = #expect(throws: StageError.self) { _ = try pipeline.run() }
        #expect(error?.message.hasPrefix("the files do not add up: \(tally.seen) seen, but 2 read") == true)
        #expect(journal.steps.last == .abort && !journal.steps.contains(.commit))
    }

    @Test func aUnitThatCannotBeOpenedIsUnreadableAndNotRead() throws {
        var pipeline = ScriptedPipeline()
        pipeline.source([
            TrailText.unit(0, 1),
            ScriptedUnit(TrailText.unit(1, 1)) { throw StageError("cannot be opened: Permission denied") },
        ])
        _ = pipeline.sink()
        let report = try pipeline.run()
        #expect(report.filesSeen == 2 && report.files == 1 && report.unreadable == 1 && report.filesDamaged == 0)
        #expect(report.problemFiles.map(\.scope) == ["path"])
    }

    @Test func theFilesOfAllSourcesAreComparedAndTheFirstRepetitionIsTold() throws {
        let one = FileIdentity(device: 1, number: 1)
        let two = FileIdentity(device: 1, number: 2)
        let other = FileIdentity(device: 2, number: 1)
        let (pipeline, _) = Self.pipeline(
            TestList(units: [TrailText.unit(0, 1), TrailText.unit(1, 1)], identities: [one, two]),
            TestList(
                units: [TrailText.unit(2, 1), TrailText.unit(3, 1), TrailText.unit(4, 1)],
                identities: [other, two, nil]
            )
        )
        let warnings = Mutex<[String]>([])
        let report = try pipeline.run(
            observer: RunObserver(warning: { stage, text in warnings.withLock { $0.append("\(stage): \(text)") } })
        )
        #expect(report.filesRepeated == 1 && report.files == 5)
        let (first, again) = (TrailText.unit(1, 1).name, TrailText.unit(3, 1).name)
        #expect(
            warnings.withLock { $0 } == [
                "in1: '\(again)' is read already by way of '\(first)', and its events count twice"
            ]
        )
    }

    @Test func manyFilesWithProblemsAreCountedAndTheFirstAreNamed() {
        let files = ProblemFiles()
        for number in 0..<1500 {
            files.add(InputProblem(scope: .record, file: "\(number)", reason: "first"))
            files.add(InputProblem(scope: .file, file: "\(number)", reason: "second"))
        }
        #expect(files.files.count == 1000 && files.more == 500)
        #expect(files.files.allSatisfy { $0.problems == 2 && $0.scope == "file" && $0.reason == "first" })
        #expect(files.files.map(\.file) == (0..<1000).map(String.init))
    }
}
