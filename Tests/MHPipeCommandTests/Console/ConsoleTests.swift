import Dispatch
import MHPipeKit
import Testing

@testable import MHPipeCommand

@Suite struct ConsoleTests {
    private let output = RecordedOutput()
    private let errors = RecordedOutput(isTerminal: true, columns: 20)

    private var console: Console { Console(standardOutput: output, standardError: errors) }

    @Test func dataAndMessagesGoApart() throws {
        let console = console
        try console.write("data\n")
        console.say("message", advice: ["what to do"])
        #expect(output.text == "data\n")
        #expect(errors.text == "mhpipe: message\n  what to do\n")
    }

    @Test func aMessageErasesTheProgressLineFirst() {
        let console = console
        console.showProgress("half")
        console.say("message")
        console.showProgress("")
        #expect(errors.text == "\rhalf\u{1B}[Kmhpipe: message\n".replacing("mhpipe", with: "\r\u{1B}[Kmhpipe"))
    }

    @Test func dataOnATerminalErasesTheProgressLineFirst() throws {
        let screen = RecordedOutput(isTerminal: true, columns: 20)
        let console = Console(standardOutput: screen, standardError: screen)
        console.showProgress("half")
        try console.write("data\n")
        #expect(screen.text == "\rhalf\u{1B}[K\r\u{1B}[Kdata\n")
    }

    @Test func nothingIsDrawnOverWhatOthersWrite() {
        let screen = RecordedOutput(isTerminal: true, isInForeground: false, columns: 20)
        let console = Console(standardOutput: screen, standardError: screen)
        console.showProgress("half")
        console.say("message")
        #expect(screen.text == "mhpipe: message\n")
    }

    @Test func theProgressLineIsCutToTheTerminal() {
        console.showProgress(String(repeating: "x", count: 50))
        #expect(errors.text == "\r" + String(repeating: "x", count: 19) + "\u{1B}[K")
    }

    @Test func anUnchangedProgressLineIsNotDrawnAgain() {
        let console = console
        console.showProgress("half")
        console.showProgress("half")
        #expect(errors.text == "\rhalf\u{1B}[K")
    }

    @Test func messagesOfManyQueuesDoNotInterleave() {
        let console = console
        DispatchQueue.concurrentPerform(iterations: 200) { number in
            console.say("message \(number)", advice: ["first of \(number)", "second of \(number)"])
        }
        let lines = errors.text.split(separator: "\n")
        #expect(lines.count == 600)
        for start in stride(from: 0, to: lines.count, by: 3) {
            let number = lines[start].split(separator: " ").last ?? ""
            #expect(lines[start + 1] == "  first of \(number)")
            #expect(lines[start + 2] == "  second of \(number)")
        }
    }

    @Test(arguments: [
        (true, [:], true, true),
        (false, [:], false, false),
        (true, ["TERM": "dumb"], false, false),
        (true, ["NO_COLOR": "1"], true, false),
        (true, ["NO_COLOR": ""], true, true),
    ])
    func theEnvironmentSaysWhatATerminalCanDo(
        isTerminal: Bool,
        environment: [String: String],
        canRedraw: Bool,
        isColored: Bool
    ) {
        let errors = RecordedOutput(isTerminal: isTerminal)
        let console = Console(standardOutput: output, standardError: errors, environment: environment)
        #expect(console.canRedraw == canRedraw)
        #expect(console.isColored == isColored)
    }

    @Test func aReaderThatWentAwayEndsQuietly() {
        struct ClosedPipe: TextOutput {
            let isTerminal = false
            let columns: Int? = nil
            func write(_ text: String) throws { throw StageError("Broken pipe", isClosedPipe: true) }
        }
        let console = Console(standardOutput: ClosedPipe(), standardError: errors)
        #expect(CommandLineTool.run(["--help"], plugins: PluginRegistry(), console: console) == 0)
        #expect(errors.text == "")
    }
}
