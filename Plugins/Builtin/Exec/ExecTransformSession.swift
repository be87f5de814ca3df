import MHPipeIO
import MHPipeKit

/// One worker's program of an `exec` transform, and what has to be known from batch to batch.
///
/// Every event gets one answer, in order, so an answer's event is known without any mark in it: the answers are counted,
/// and time decides only when a program's input is closed. A program that fails is started again where it is sure what
/// it has not answered: with a handshake the rest of the batch, without one a batch of which no answer has come, since
/// a program that leaves events out looks the same as one that has answered the first of them.
final class ExecTransformSession {
    private let launch: ExecLaunch
    private var program: ExecProgram?
    private var restarts = 0
    /// The failure of a program at its start, while the next one has done nothing either.
    private var failedStart: ExecFailure?
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
    /// Nor more of one answer, unless all events together are longer.
    private static let longestAnswer = 64 << 20

    init(_ launch: ExecLaunch) throws {
        self.launch = launch
        answers = try ExecAnswers()
    }

    private var isMarked: Bool { launch.settings.conversation == .handshake }
    /// The events of the batch.
    private var total: Int { starts.count - 1 }
    /// The lines that answer them, with the mark behind them.
    private var wanted: Int { total + (isMarked ? 1 : 0) }
    private var isFlooded: Bool {
        answers.text.count > Self.mostAnswered || answers.text.partial > max(Self.longestAnswer, sent.count)
    }

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
                tellOfFailedStart()
                break
            } catch let failure {
                try recover(from: failure, batch)
            }
        }
        settled = answers.text.count
        do {
            try unsafe answers.apply(to: batch, sent: sent.bytes, starts: starts)
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
        program.closeInput()
        let rest = ReceivedText()
        program.received = rest
        let outcome = program.pump(patience: launch.patience) { rest.count > 0 }
        if outcome == .stopped { throw ExecFailure.stopped.stageError(launch) }
        if outcome == .done { throw extra(in: rest, 0).stageError(launch) }
        end(program, patience: outcome == .quiet ? 0 : launch.patience)
    }

    /// Ends a program whose input was closed, and says what is not in order with that.
    private func end(_ program: ExecProgram, patience: Int) {
        guard let exit = program.end(patience: patience) else {
            return launch.context.warn("'\(launch.commandText)' did not end with its input, and was ended")
        }
        guard exit != .status(0), !hasWarnedOfStatus else { return }
        hasWarnedOfStatus = true
        launch.context.warn("'\(launch.commandText)' \(exit), after it had answered every event")
    }

    private func encode(_ batch: EventBatch) {
        sent.removeAll()
        JSONLines().append(batch, to: sent)
        starts.removeAll(keepingCapacity: true)
        starts.append(0)
        let bytes = unsafe sent.bytes
        while let start = starts.last, let end = unsafe bytes.lineEnd(from: start) { starts.append(end + 1) }
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
        let bytes = unsafe UnsafeRawBufferPointer(sent.bytes)
        unsafe running.send(UnsafeRawBufferPointer(rebasing: bytes[starts[text.ends.count]...]))
        let isOver = { [self] in text.ends.count >= wanted || isFlooded }
        var outcome = running.pump(patience: launch.patience) { unsafe running.pending.isEmpty || isOver() }
        if outcome == .done {
            outcome = isMarked ? running.pump(patience: launch.patience, until: isOver) : rest(running, isOver)
        }
        try conclude(running, outcome)
    }

    /// Waits for the answers of a program that is told of no batches, and may hold them back until it has more: one that
    /// falls silent is told that its input has ended.
    private func rest(_ program: ExecProgram, _ isOver: () -> Bool) -> ExecProgram.Outcome {
        let text = answers.text
        let wait =
            switch habit {
            case .unknown: min(Self.holdBack, launch.patience)
            case .streams: launch.patience
            case .answersAtEnd: 0
            }
        var outcome = program.pump(patience: wait, until: isOver)
        guard outcome == .quiet else {
            if outcome == .done, habit == .unknown { habit = .streams }
            return outcome
        }
        // Whole answers and then silence are not what a buffer leaves behind: it is slow, or leaves events out.
        let isSlow = !text.ends.isEmpty && text.partial == 0
        program.closeInput()
        outcome = program.pump(patience: launch.patience) { text.ends.count > wanted || isFlooded }
        guard outcome != .done, outcome != .stopped else { return outcome }
        if outcome == .ended, program.waitForEnd(patience: launch.patience) == .status(0) { text.endPartial() }
        guard text.ends.count == wanted, text.partial == 0 else { return outcome }
        self.program = nil
        if habit != .answersAtEnd, !isSlow {
            launch.context.warn(
                "'\(launch.commandText)' answers only when its input ends, so it is started anew for every batch, "
                    + "which is slow; have it write each answer at once (\(Self.flushing(launch.settings.command.words)))"
            )
        }
        habit = isSlow ? .unknown : .answersAtEnd
        end(program, patience: 0)
        return .done
    }

    /// Looks at what the answers to a batch amount to.
    private func conclude(_ program: ExecProgram, _ outcome: ExecProgram.Outcome) throws(ExecFailure) {
        let text = answers.text
        let answered = min(text.ends.count, total)
        guard !isFlooded else {
            let most = text.count > Self.mostAnswered ? Self.mostAnswered : Self.longestAnswer
            throw ExecFailure(
                "answers \(total) events with \(text.count > Self.mostAnswered ? "" : "a line of ")more than \(most >> 20) MiB",
                advice: "an answer is one line; does it write line ends?",
                isFinal: true
            )
        }
        if isMarked, let mark = (0..<answered).first(where: { unsafe text.line($0).isEmpty }) {
            throw ExecFailure(
                "answers \(mark) of \(total) events, and ends the batch",
                advice: "every event needs an answer: the event, null to drop it, or a text that says what is wrong",
                isFinal: true
            )
        }
        let handshake = ExecHandshake(program: program, launch: launch)
        let missing = "when \(answered) of the \(total) events of a batch were answered"
        switch outcome {
        case .quiet: throw surely(handshake.hung("has been silent \(missing)"), answered)
        case .ended: throw surely(handshake.ended(missing), answered)
        case .stopped: throw .stopped
        case .done: break
        }
        // What is answered before it was given is no answer to it.
        guard program.hasTakenAll else { throw extra(0) }
        if isMarked, unsafe !text.line(total).isEmpty { throw extra(text.ends[total - 1]) }
        guard text.ends[wanted - 1] == text.count else { throw extra(text.ends[wanted - 1]) }
    }

    /// The failure, which is final where nobody can tell which events were not answered, or the program ended well.
    private func surely(_ failure: ExecFailure, _ answered: Int) -> ExecFailure {
        guard !isMarked, answered > 0 || failure.exit == nil || failure.exit == .status(0) else { return failure }
        var failure = failure
        let advice = "every event needs an answer; to drop one, answer null (jq: `if COND then . else null end`)"
        failure.advice = failure.advice.map { "\($0)\n\(advice)" } ?? advice
        failure.isFinal = answered > 0 || failure.exit == .status(0) && failure.firstWords == nil
        return failure
    }

    private func recover(from failure: ExecFailure, _ batch: EventBatch) throws {
        answers.text.dropPartial()
        program?.kill()
        program = nil
        let answered = answers.text.ends.count
        var place = ""
        if !isMarked, answered > 0 {
            place = ", of '\(batch.origin.unit)'"
        } else if answered < batch.count {
            let number = batch.rows.records[batch.selection[answered]].number
            place = ", at record \(number) of '\(batch.origin.unit)'"
        }
        if failure.firstWords == nil { tellOfFailedStart() }
        let isStillborn = failure.firstWords != nil && failedStart != nil
        if !failure.isFinal, !isStillborn, restarts < launch.settings.restarts, !launch.context.stop.isEnough {
            restarts += 1
            guard failure.firstWords == nil else { return failedStart = failure }
            return warn(of: failure, place)
        }
        if restarts > 0 { place += restarts == 1 ? ", after a restart" : ", after \(restarts) restarts" }
        throw failure.stageError(launch, place)
    }

    /// Tells of a program that ended at its start, once another one has done more; a second that does not is the end.
    private func tellOfFailedStart() {
        guard let failure = failedStart else { return }
        failedStart = nil
        failure.firstWords?.forEach(launch.context.relay)
        warn(of: failure, "")
    }

    private func warn(of failure: ExecFailure, _ place: String) {
        launch.context.warn(
            "'\(launch.commandText)' \(failure.reason)\(place); starting it again "
                + "(\(restarts) of \(launch.settings.restarts))"
        )
    }

    /// The failure of a program that has written something behind its answers, from an offset on.
    private func extra(_ offset: Int) -> ExecFailure {
        extra(in: answers.text, offset)
    }

    private func extra(in text: ReceivedText, _ offset: Int) -> ExecFailure {
        let bytes = unsafe text.ended()
        // What is no event at all is more telling than the line that was one too many.
        let stray = unsafe bytes.split(separator: 0x0A).first {
            unsafe $0.first != UInt8(ascii: "{") && $0.first != UInt8(ascii: "n")
        }
        let line = unsafe stray.map(Array.init) ?? Array(bytes.dropFirst(offset).prefix { $0 != 0x0A })
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
