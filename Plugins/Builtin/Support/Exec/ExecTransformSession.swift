import MHPipeIO
import MHPipeKit

/// One worker's program of an `exec` transform, and what has to be known from batch to batch.
///
/// Every event gets one answer, in order, so an answer's event is known without any mark in it. A program that ends
/// before it has answered is started again and given what it has not answered.
final class ExecTransformSession {
    private let launch: ExecLaunch
    private var program: ExecProgram?
    private var restarts = 0
    private var habit = Habit.unknown
    private var hasWarnedOfStatus = false

    /// When a program that is told of no batches writes its answers.
    private enum Habit {
        case unknown
        /// As it goes: it has answered a whole batch while its input was open.
        case streams
        /// When its input ends, which makes it one program for each batch.
        case answersAtEnd
    }

    /// The batch as the program reads it: a line for each event, and where each begins.
    private let sent = OutputBuffer()
    private var starts: [Int] = []
    private let answers: ExecAnswers
    /// The bytes of the answers to the last batch; what comes behind them belongs to no event.
    private var settled = 0

    /// Milliseconds of silence after which a program is taken to wait for more input before it answers.
    private static let holdBack = 2000
    /// More bytes of answers to one batch than this are not taken.
    private static let mostAnswered = 256 << 20

    init(_ launch: ExecLaunch) throws {
        self.launch = launch
        answers = try ExecAnswers()
    }

    private var isMarked: Bool { launch.settings.conversation == .handshake }

    /// Sends a batch through the program.
    func process(_ batch: EventBatch) throws {
        guard batch.count > 0 else { return }
        encode(batch)
        program?.pumpOnce()
        guard answers.text.count == settled else { throw extra(settled).stageError(launch) }
        answers.text.removeAll()
        while true {
            do {
                try exchange()
                break
            } catch let failure {
                try recover(from: failure, batch)
            }
        }
        settled = answers.text.count
        do {
            try answers.apply(to: batch, sent: sent.bytes, starts: starts)
        } catch let failure {
            throw failure.stageError(launch, " of '\(batch.origin.unit)'")
        }
    }

    /// Ends the program in order; nothing that it would still say has an event.
    func finish() throws {
        guard let program else { return }
        self.program = nil
        program.pumpOnce()
        guard answers.text.count == settled else { throw extra(settled).stageError(launch) }
        // What it has answered may still be read.
        let rest = ReceivedText()
        program.received = rest
        let exit = program.end(patience: launch.patience)
        guard rest.count == 0 else { throw extra(in: rest, 0).stageError(launch) }
        if let exit { return warn(of: exit) }
        launch.context.warn("'\(launch.commandText)' did not end with its input, and was ended")
    }

    private func encode(_ batch: EventBatch) {
        sent.removeAll()
        JSONLines().append(batch, to: sent)
        starts.removeAll(keepingCapacity: true)
        starts.append(0)
        let bytes = sent.bytes
        while let start = starts.last, let end = bytes.lineEnd(from: start) { starts.append(end + 1) }
        // The mark behind the batch is an empty line.
        if isMarked { sent.append(0x0A) }
    }

    /// Gives the program the events that have no answer yet, and waits for the answers.
    private func exchange() throws(ExecFailure) {
        let text = answers.text
        let running: ExecProgram
        if let program { running = program } else { running = try launch.start() }
        program = running
        running.received = text
        let bytes = UnsafeRawBufferPointer(sent.bytes)
        running.send(UnsafeRawBufferPointer(rebasing: bytes[starts[text.ends.count]...]))
        let wanted = starts.count - 1 + (isMarked ? 1 : 0)
        let isDone = { text.ends.count >= wanted || text.count > Self.mostAnswered }
        var outcome = running.pump(patience: launch.patience) { running.pending.isEmpty || isDone() }
        if outcome == .done {
            outcome =
                isMarked || habit == .streams
                ? running.pump(patience: launch.patience, until: isDone) : rest(running, isDone)
        }
        try conclude(running, outcome)
    }

    /// Waits for the answers of a program that is told of no batches, and may hold them back until it has more.
    private func rest(_ program: ExecProgram, _ isDone: () -> Bool) -> ExecProgram.Outcome {
        let text = answers.text
        if habit == .unknown {
            var outcome = program.pump(patience: min(Self.holdBack, launch.patience), until: isDone)
            // Whole answers and then silence are not what a buffer leaves behind: it is at work on the next.
            if outcome == .quiet, text.partial == 0, !text.ends.isEmpty {
                outcome = program.pump(patience: launch.patience, until: isDone)
                if outcome == .quiet { return outcome }
            }
            if outcome == .done { habit = .streams }
            guard outcome == .quiet else { return outcome }
        }
        program.closeInput()
        let outcome = program.pump(patience: launch.patience, until: { false })
        guard outcome == .ended, isDone(), let exit = program.waitForEnd(patience: launch.patience) else {
            return outcome
        }
        self.program = nil
        if habit == .unknown {
            launch.context.warn(
                "'\(launch.commandText)' answers only when its input ends, so it is started anew for every batch, "
                    + "which is slow; have it write each answer at once (\(Self.flushing(launch.settings.command)))"
            )
        }
        habit = .answersAtEnd
        warn(of: exit)
        return .done
    }

    /// Says once that a program ended with a status that is not 0.
    private func warn(of exit: ProgramExit) {
        guard exit != .status(0), !hasWarnedOfStatus else { return }
        hasWarnedOfStatus = true
        launch.context.warn("'\(launch.commandText)' \(exit), after it had answered every event")
    }

    /// Looks at what the answers to a batch amount to.
    private func conclude(_ program: ExecProgram, _ outcome: ExecProgram.Outcome) throws(ExecFailure) {
        let text = answers.text
        let total = starts.count - 1
        let answered = min(text.ends.count, total)
        guard text.count <= Self.mostAnswered else {
            throw ExecFailure(
                "answers \(total) events with more than \(Self.mostAnswered >> 20) MiB",
                advice: "an answer is one line; does it write line ends?",
                isFinal: true
            )
        }
        if isMarked, let mark = (0..<answered).first(where: { text.line($0).isEmpty }) {
            throw ExecFailure(
                "answers \(mark) of \(total) events, and ends the batch",
                advice: "every event needs an answer: the event, null to drop it, or a text that says what is wrong",
                isFinal: true
            )
        }
        let handshake = ExecHandshake(program: program, launch: launch)
        let missing = "when \(answered) of the \(total) events of a batch were answered"
        switch outcome {
        case .quiet: throw handshake.hung("has been silent \(missing)")
        case .ended: throw handshake.ended(missing)
        case .done: break
        }
        if isMarked, !text.line(total).isEmpty { throw extra(text.ends[total - 1]) }
        let lines = total + (isMarked ? 1 : 0)
        guard text.ends[lines - 1] == text.count else { throw extra(text.ends[lines - 1]) }
    }

    private func recover(from failure: ExecFailure, _ batch: EventBatch) throws {
        answers.text.dropPartial()
        program?.kill()
        program = nil
        let answered = answers.text.ends.count
        var place = ""
        if answered < batch.count {
            let number = batch.rows.records[batch.selection[answered]].number
            place = ", at record \(number) of '\(batch.origin.unit)'"
        }
        if !failure.isFinal, restarts < launch.settings.restarts {
            restarts += 1
            launch.context.warn(
                "'\(launch.commandText)' \(failure.reason)\(place); starting it again "
                    + "(\(restarts) of \(launch.settings.restarts))"
            )
            return
        }
        if restarts > 0 { place += restarts == 1 ? ", after a restart" : ", after \(restarts) restarts" }
        throw failure.stageError(launch, place)
    }

    /// The failure of a program that has written something behind its answers, from an offset on.
    private func extra(_ offset: Int) -> ExecFailure {
        extra(in: answers.text, offset)
    }

    private func extra(in text: ReceivedText, _ offset: Int) -> ExecFailure {
        let bytes = text.ended()
        // What is no event at all is more telling than the line that was one too many.
        let stray = bytes.split(separator: 0x0A).first {
            $0.first != UInt8(ascii: "{") && $0.first != UInt8(ascii: "n")
        }
        let line = stray.map(Array.init) ?? Array(bytes.dropFirst(offset).prefix { $0 != 0x0A })
        return ExecFailure(
            "writes more lines than it was given events, such as \(line.excerpt)",
            advice: ExecFailure.outputAdvice,
            isFinal: true
        )
    }

    /// How well-known programs are told to write at once.
    private static func flushing(_ command: [String]) -> String {
        switch command.first?.split(separator: "/").last {
        case "jq": "jq --unbuffered"
        case "mawk": "mawk -W interactive"
        case "awk", "gawk": "fflush() behind each print; for mawk -W interactive"
        case "sed": "sed -u"
        case "grep": "grep --line-buffered"
        case "perl": "$| = 1"
        default: "flush behind each line"
        }
    }
}
