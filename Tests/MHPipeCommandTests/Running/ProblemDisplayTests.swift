import MHPipeRuntime
import Testing

@testable import MHPipeCommand

@Suite struct ProblemDisplayTests {
    private func show(_ problems: [InputProblem], isTerminal: Bool) -> [Substring] {
        let errors = RecordedOutput(isTerminal: isTerminal)
        let display = ProblemDisplay(console: Console(standardOutput: RecordedOutput(), standardError: errors))
        for problem in problems { display.add(problem) }
        display.finish()
        return errors.text.split(separator: "\n")
    }

    private func record(_ number: Int, of file: String) -> InputProblem {
        InputProblem(scope: .record, file: file, offset: number * 10, record: number, reason: "no JSON")
    }

    @Test func everyProblemHasALineWhereNoPersonWatches() {
        let lines = show((0..<1000).map { record($0, of: "a.json") }, isTerminal: false)
        #expect(lines.count == 1000)
        #expect(lines.last == "mhpipe: a.json: record 999 at byte 9990: no JSON")
    }

    @Test func aTerminalShowsTheFirstOfEachFile() {
        let lines = show((0..<25).map { record($0, of: "a.json") } + [record(0, of: "b.json")], isTerminal: true)
        #expect(lines.count == 22)
        #expect(lines[20] == "mhpipe: a.json: 5 more problems not shown")
        #expect(lines[21] == "mhpipe: b.json: record 0 at byte 0: no JSON")
    }

    @Test func aTerminalShowsTheFirstOfTheRun() {
        let lines = show((0..<300).map { record(0, of: "\($0).json") }, isTerminal: true)
        #expect(lines.count == 201)
        #expect(lines.last == "mhpipe: 100 more problems not shown; the summary counts them all")
    }

    @Test func theLastFileToldInPartIsCounted() {
        let lines = show((0..<21).map { record($0, of: "a.json") }, isTerminal: true)
        #expect(lines.last == "mhpipe: a.json: 1 more problem not shown")
    }
}
