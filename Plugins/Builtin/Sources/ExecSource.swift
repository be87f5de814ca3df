import MHPipeIO
import MHPipeKit

/// Reads what a program writes to its standard output, in any form that files can have.
///
/// The program runs once, and what it writes is one unit of work, read by one worker. A program that fails before it
/// has written anything is started again; later it cannot be, since what it wrote is on its way. It is ended when the rest
/// of what it writes is not wanted.
struct ExecSource: ListedSource {
    static let name = "exec"
    static let summary = "Reads the standard output of a program of any language."

    struct Options: PluginOptions {
        var program = ExecSettings()

        static let all: [Option<Options>] = [
            .required(
                "command",
                \.program.command,
                "The program and its arguments.",
                example: "[./fetch.py, --days, '7']"
            ),
            .optional(
                "protocol",
                \.program.conversation,
                "How they talk: output alone, or after a handshake in which the program declares itself."
            ),
            .optional("options", \.program.options, "The program's own options, with protocol handshake."),
            .optional(
                "timeout",
                \.program.timeout,
                "The seconds without output after which the program counts as hung.",
                example: "300"
            ),
            .optional(
                "restarts",
                \.program.restarts,
                "How often a program is started again that failed before it wrote anything."
            ),
        ]
    }

    private let launch: ExecLaunch

    init(_ options: Options, _ context: PluginContext) throws {
        launch = try options.program.launch(.source, context)
    }

    static func adds(_ options: Options) -> [EventField]? { nil }

    static func canReadAgain(_ options: Options) -> Bool { false }

    static func warnings(_ options: Options) -> [OptionWarning] { options.program.command.warnings }

    func units(report: (UnreadableInput) -> Void) -> [any SourceUnit] {
        [ExecUnit(launch: launch)]
    }
}

/// One run of a program as a unit of work.
///
/// A program that fails after it has written something is a damaged unit, and its errors do not name it: the runtime puts
/// the unit's name before them. One that has written nothing is no input at all, which ends the run.
private struct ExecUnit: SourceUnit {
    let launch: ExecLaunch

    var name: String { launch.commandText }
    var size: Int? { nil }

    func open() throws -> any ByteStream {
        var restarts = 0
        var failedStart: ExecFailure?
        while true {
            do {
                let stream = try Stream(launch)
                failedStart?.firstWords?.forEach(launch.context.relay)
                return stream
            } catch let failure {
                let isStillborn = failure.firstWords != nil && failedStart != nil
                guard !failure.isFinal, !isStillborn, restarts < launch.settings.restarts else {
                    var error = failure.stageError(launch)
                    error.endsRun = true
                    throw error
                }
                restarts += 1
                failedStart = failure.firstWords == nil ? nil : failure
                launch.context.warn(
                    "'\(name)' \(failure.reason); starting it again (\(restarts) of \(launch.settings.restarts))"
                )
            }
        }
    }

    private final class Stream: ByteStream {
        private let launch: ExecLaunch
        private let program: ExecProgram
        private var isDrained = false

        /// Starts the program, and waits for its first bytes or its end.
        init(_ launch: ExecLaunch) throws(ExecFailure) {
            self.launch = launch
            program = try launch.start()
            if launch.settings.conversation == .lines { program.closeInput() }
            try wait()
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            do {
                if !launch.context.stop.isEnough { try wait() }
            } catch {
                throw StageError(error.reason, advice: error.advice)
            }
            if launch.context.stop.isEnough, !isDrained {
                // What it has written by now is all that is wanted.
                program.pumpOnce()
                isDrained = true
            }
            return unsafe program.received.take(into: buffer)
        }

        /// True when there is something to hand out, or no more is wanted.
        private var hasMore: Bool { program.received.count > 0 || launch.context.stop.isEnough }

        /// Waits until there is something to hand out, or there will be nothing more.
        private func wait() throws(ExecFailure) {
            let handshake = ExecHandshake(program: program, launch: launch)
            switch program.pump(patience: launch.patience, until: { hasMore }) {
            case .done: return
            case .quiet: throw handshake.hung("has written nothing")
            case .stopped: throw .stopped
            case .ended: break
            }
            guard let exit = program.waitForEnd(patience: launch.patience) else {
                throw ExecFailure("has closed its standard output and does not end", advice: "see what it waits for")
            }
            if exit != .status(0) { throw handshake.ended("before its output was whole") }
        }
    }
}
