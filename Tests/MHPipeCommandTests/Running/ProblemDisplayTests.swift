import MHPipeRuntime
import Testing

@testable import MHPipeCommand

@Suite struct ProblemDisplayTests {
    private func show(
        _ problems: some Sequence<InputProblem>,
        quarantine: String? = nil,
        isTerminal: Bool = false
    ) -> [Substring] {
        let errors = RecordedOutput(isTerminal: isTerminal)
        let console = Console(standardOutput: RecordedOutput(), standardError: errors)
        let display = ProblemDisplay(console: console, quarantine: quarantine)
        for problem in problems { display.add(problem) }
        display.finish()
        return errors.text.split(separator: "\n")
    }

    private func record(_ number: Int, of file: String, _ reason: String = "no JSON") -> InputProblem {
        InputProblem(scope: .record, file: file, offset: number * 10, record: number, reason: reason)
    }

    @Test(arguments: [false, true])
    func `ten problems of a kind are shown, and the rest is counted`(isTerminal: Bool) {
        let problems = (0..<3000).map { record($0, of: "a.json", "expected a value at byte \($0 * 10 + 3)") }
        let lines = show(problems, isTerminal: isTerminal)
        #expect(lines.count == 12)
        #expect(lines[9] == "mhpipe: a.json: record 9 at byte 90: expected a value at byte 93")
        #expect(lines[10] == "mhpipe: a.json: and 2,990 more: expected a value at byte ...")
        #expect(lines[11] == "  with --quarantine FILE, all of them are kept in a file")
    }

    @Test func `ten are all that there are`() {
        #expect(show((0..<10).map { record($0, of: "a.json") }).count == 10)
    }

    @Test func `kinds are counted apart, over all files`() {
        let lines = show(
            (0..<30).flatMap { file in
                [
                    record(0, of: "\(file).json"), record(1, of: "\(file).json"),
                    InputProblem(scope: .file, file: "\(file).json", reason: "the file is empty"),
                ]
            },
            quarantine: "bad.jsonl"
        )
        #expect(lines.count == 23)
        #expect(
            lines.suffix(3) == [
                "mhpipe: and 50 more in 25 files: no JSON",
                "mhpipe: and 20 more in 20 files: the file is empty",
                "  all of them are in bad.jsonl",
            ]
        )
    }

    @Test func `hundreds of kinds need no more room than fifty`() {
        let reasons = (0..<200).map { number in "reason " + String(repeating: "x", count: number) }
        let lines = show(reasons.map { record(0, of: "a.json", $0) })
        #expect(lines.count == ProblemDisplay.maximumKinds + ProblemDisplay.limit + 2)
        #expect(lines[lines.count - 2] == "mhpipe: a.json: and 140 more: other reasons")
    }

    @Test(arguments: [
        ("expected ',' or '}' at byte 12", "expected '...' or '...' at byte ..."),
        (
            "more than 64 bytes (max_file_bytes); the rest is left out",
            "more than ... bytes (max_file_bytes); the rest is left out"
        ),
        ("a raw control character (0x1f) in a string", "a raw control character (...) in a string"),
        ("'geo': 10.0.0.1: no network", "'...': ...: no network"),
        ("take CloudTrail's own files, not the console's", "take CloudTrail's own files, not the console's"),
        ("it's 'a b' and 'c", "it's '...' and 'c"),
        (
            "gzip data is cut short: it ends at byte 5, inside a member",
            "gzip data is cut short: it ends at byte ..., inside a member"
        ),
        ("", ""),
    ])
    func `a kind is a reason without what differs`(reason: String, kind: String) {
        #expect(ProblemKind(record(0, of: "a", reason)).reason == kind)
    }

    @Test func `a lost record and a lost file are not of one kind`() {
        let file = InputProblem(scope: .file, file: "a", reason: "no JSON")
        #expect(ProblemKind(file) != ProblemKind(record(0, of: "a")))
    }
}
