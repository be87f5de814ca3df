import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// What becomes of every file that the sources came by.
@Suite struct PipelineRunFilesTests {
    /// A file that is a unit in memory.
    private struct TestFile: FileBacked {
        let base: MemoryUnit
        var number: Int?
        var mayRepeat = false
        /// Where a link leads.
        var target: String?

        var name: String { base.name }
        var size: Int? { nil }
        func open() -> any ByteStream { base.open() }

        var file: FileReference? {
            number.map {
                FileReference(FileIdentity(device: 1, number: $0), mayRepeat: mayRepeat) { [target, name] in
                    Array((target ?? name).utf8)
                }
            }
        }
    }

    /// A list whose source came by more than its units.
    private final class TestList: FileListing {
        private var rest: [TestFile]
        private let names: Set<String>
        let tally: InputTally

        init(_ files: [TestFile], _ tally: InputTally?) {
            rest = files
            names = Set(files.filter { $0.target == nil }.map(\.name))
            self.tally = tally ?? InputTally(seen: files.count)
        }

        func next() -> NextUnit { rest.isEmpty ? .end : .unit(rest.removeFirst()) }

        func name(of file: FileReference) -> String? {
            file.resolvedPath().map { String(decoding: $0, as: UTF8.self) }.flatMap { names.contains($0) ? $0 : nil }
        }
    }

    private struct TestSource: Source {
        static let name = "test_list"
        static let summary = "Hands out a list."

        struct Options: PluginOptions {
            var files: [TestFile] = []
            var tally: InputTally?
            static let all: [Option<Options>] = []
        }

        private let options: Options

        init(_ options: Options, _ context: PluginContext) { self.options = options }

        func list() -> any UnitList { TestList(options.files, options.tally) }
    }

    private static func file(_ number: Int, as inode: Int? = nil) -> TestFile {
        TestFile(base: TrailText.unit(number, 1), number: inode)
    }

    private static func pipeline(_ lists: [TestFile]..., tally: InputTally? = nil) -> (ScriptedPipeline, SinkJournal) {
        var pipeline = ScriptedPipeline()
        for (number, files) in lists.enumerated() {
            let options = TestSource.Options(files: files, tally: tally)
            pipeline.plan.sources.append(Stage("in\(number)", TestSource.self, options))
        }
        let journal = pipeline.sink()
        return (pipeline, journal)
    }

    @Test func whatWasLeftOutIsInTheReport() throws {
        let tally = InputTally(seen: 7, leftOut: 3, others: 2)
        let (pipeline, _) = Self.pipeline([Self.file(0), Self.file(1)], tally: tally)
        let report = try pipeline.run()
        #expect(report.filesSeen == 7 && report.files == 2 && report.filesLeftOut == 3 && report.otherFiles == 2)
        #expect(report.accountsForFiles && !report.hasProblems)
    }

    @Test(arguments: [
        InputTally(seen: 3), InputTally(seen: 1), InputTally(seen: 2, leftOut: 1), InputTally(seen: 2, others: 1),
    ])
    func aFileThatNobodyAccountsForEndsTheRun(tally: InputTally) throws {
        let (pipeline, journal) = Self.pipeline([Self.file(0), Self.file(1)], tally: tally)
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

    /// What `run` warns of.
    private static func warnings(_ pipeline: ScriptedPipeline) throws -> (RunReport, [String]) {
        let warnings = Locked<[String]>([])
        let report = try pipeline.run(
            observer: RunObserver(warning: { stage, text in warnings.withLock { $0.append("\(stage): \(text)") } })
        )
        return (report, warnings.withLock { $0 })
    }

    @Test func theFilesOfAllSourcesAreComparedAndTheFirstRepetitionIsTold() throws {
        var again = Self.file(1, as: 2)
        let (pipeline, _) = Self.pipeline(
            [Self.file(0, as: 1), again],
            [Self.file(2, as: 3), again, Self.file(4)]
        )
        var (report, warnings) = try Self.warnings(pipeline)
        #expect(report.filesRepeated == 1 && report.files == 5)
        #expect(
            warnings == ["in1: '\(again.name)' is read already by way of another source, and its events count twice"]
        )
        again = Self.file(5, as: 2)
        again.target = Self.file(1).name
        let (linked, _) = Self.pipeline([Self.file(0, as: 1), Self.file(1, as: 2)], [again])
        (report, warnings) = try Self.warnings(linked)
        #expect(report.filesRepeated == 1)
        #expect(warnings[0].hasPrefix("in1: '\(again.name)' is read already by way of '\(Self.file(1).name)'"))
    }

    @Test func furtherNamesAndLinksOfOneSourceAreFound() throws {
        var files = (0..<6).map { Self.file($0, as: $0) }
        // Two names of a file, a link to one that comes later, and one to another that came before.
        (files[1].number, files[1].mayRepeat) = (9, true)
        (files[4].number, files[4].mayRepeat) = (9, true)
        (files[0].target, files[0].mayRepeat) = (files[2].name, true)
        (files[5].target, files[5].mayRepeat) = (files[3].name, true)
        let (report, warnings) = try Self.warnings(Self.pipeline(files).0)
        #expect(report.filesRepeated == 3 && report.files == 6)
        #expect(
            warnings == [
                "in0: 3 files are read more than once, and their events count as often; the first is "
                    + "'\(files[2].name)', which is read already by way of '\(files[0].name)'"
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
