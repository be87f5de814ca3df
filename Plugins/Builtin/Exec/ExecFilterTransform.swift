import MHPipeIO
import MHPipeKit

/// Sends events through a program that leaves out those that it drops, such as `grep`, or `jq` with `select`.
///
/// `exec` with `filter: true`. Nothing in what the program writes says that a line was left out, so events are held, over
/// batches and files, until the program has ended on them: a *round*. What it has written by then is matched with what it
/// was given, and whatever has no match was left out. Time decides nothing, and nothing depends on where rounds end, as
/// long as the program looks at each line by itself.
struct ExecFilterTransform: OrderedTransform {
    static let name = ExecTransform.name
    static let summary = ExecTransform.summary

    typealias Options = ExecTransform.Options

    private let launch: ExecLaunch
    private var round = ExecFilterRound()
    private var restarts = 0

    /// Bytes that are worth a program of their own.
    private static let roundBytes = 4 << 20

    init(_ options: Options, _ context: PluginContext) throws {
        guard options.program.conversation == .lines else {
            throw OptionError(
                option: "filter",
                "is for programs of `protocol: lines`; with a handshake, a program answers null for what it drops"
            )
        }
        launch = try options.program.launch(.transform, context)
    }

    mutating func process(_ batch: EventBatch, into output: EventOutput) throws {
        for event in batch {
            round.append(event)
            if round.byteCount >= Self.roundBytes { try settle(into: output) }
        }
    }

    mutating func finish(into output: EventOutput) throws {
        try settle(into: output)
    }

    func save(into state: OutputBuffer) { round.save(into: state) }

    mutating func restore(_ state: Span<UInt8>) throws {
        round = try ExecFilterRound(restoring: state)
    }

    /// Lets a program work on what is held, and passes on what it has not left out.
    private mutating func settle(into output: EventOutput) throws {
        guard !round.isEmpty else { return }
        while true {
            do throws(ExecFailure) {
                try round.match(run(), into: output)
                break
            } catch {
                guard !error.isFinal, restarts < launch.settings.restarts, !launch.context.stop.isEnough else {
                    throw error.stageError(launch, restarts > 0 ? ", after \(restarts) restarts" : "")
                }
                restarts += 1
                launch.context.warn(
                    "'\(launch.commandText)' \(error.reason); starting it again "
                        + "(\(restarts) of \(launch.settings.restarts))"
                )
            }
        }
        round = ExecFilterRound()
    }

    /// What a program writes for the events of the round.
    private func run() throws(ExecFailure) -> ReceivedText {
        let program = try launch.start()
        let text = ReceivedText()
        program.received = text
        // More than this is not the events that are left.
        let most = 16 * round.byteCount + (1 << 20)
        unsafe program.send(UnsafeRawBufferPointer(round.lines))
        let handshake = ExecHandshake(program: program, launch: launch)
        switch program.pump(patience: launch.patience, until: { program.hasTakenAll || text.count > most }) {
        case .done: break
        case .quiet: throw handshake.hung("has neither taken nor written anything")
        case .stopped: throw .stopped
        case .ended: throw handshake.ended("before it had read all of \(round.count) events")
        }
        program.closeInput()
        switch program.pump(patience: launch.patience, until: { text.count > most }) {
        case .done:
            throw ExecFailure("writes far more than it was given", advice: ExecFailure.outputAdvice, isFinal: true)
        case .quiet: throw handshake.hung("has been silent since its input ended")
        case .stopped: throw .stopped
        case .ended: break
        }
        guard let exit = program.waitForEnd(patience: launch.patience) else {
            throw ExecFailure("has closed its standard output and does not end", advice: "see what it waits for")
        }
        guard exit == .status(0) else {
            var failure = handshake.ended("after \(round.count) events, of which it may have lost some")
            failure.advice = failure.advice ?? "a filter ends with status 0; for grep: grep ... || test $? = 1"
            throw failure
        }
        text.endPartial()
        return text
    }
}
