import MHPipeIO
import MHPipeKit

/// How to start the program of a stage.
struct ExecLaunch: Sendable {
    let kind: PluginDescription.Kind
    let path: String
    let settings: ExecSettings
    let context: PluginContext

    static var environment: [String: String] { ProcessEnvironment.variables }

    /// The stage and its program, for messages: `transform 'geo': 'python3 geo.py'`.
    var title: String { "\(kind.rawValue) '\(context.stage)': '\(commandText)'" }

    /// The command on one line, cut where it is long.
    var commandText: String {
        let text = settings.command.words.joined(separator: " ")
        return text.count > 60 ? text.prefix(59) + "…" : text
    }

    /// Milliseconds without progress after which the program counts as hung.
    var patience: Int { settings.timeout * 1000 }

    /// Starts the program; with a handshake, its declaration has been heard and its options are right.
    func start() throws(ExecFailure) -> ExecProgram {
        let program = try spawn()
        if settings.conversation == .handshake {
            let declaration = try ExecHandshake(program: program, launch: self).hear()
            let options: String
            do {
                options = try declaration.json(settings.options)
            } catch {
                throw ExecFailure("does not take the options of the stage: \(error)", isFinal: true)
            }
            try ExecHandshake(program: program, launch: self).begin(options)
        }
        return program
    }

    /// Starts the program only to hear its declaration, and compares the options with it.
    ///
    /// - Throws: `OptionError`; `StageError` where the machine gives no program.
    func check() throws {
        let declaration: ExecDeclaration
        do {
            let program = try spawn()
            defer { program.end(patience: ExecProgram.grace) }
            declaration = try ExecHandshake(program: program, launch: self).hear()
        } catch {
            if error.isMachineFault { throw StageError("'\(commandText)' \(error.reason)", advice: error.advice) }
            throw OptionError(option: "command", "names '\(commandText)', which \(error.reason)", label: error.advice)
        }
        do {
            _ = try declaration.json(settings.options)
        } catch {
            var named = error
            named.option = "options"
            throw named
        }
    }

    private func spawn() throws(ExecFailure) -> ExecProgram {
        var environment = Self.environment
        // Python would keep the answers of one batch until it has enough for a write.
        if settings.conversation == .lines, kind == .transform { environment["PYTHONUNBUFFERED"] = "1" }
        do {
            let child = try ChildProcess(
                path: path,
                arguments: settings.command.words,
                environment: environment,
                endsWithInput: kind == .sink && settings.conversation == .handshake
            )
            return ExecProgram(child, context, isAnswering: kind != .sink || settings.conversation == .handshake)
        } catch {
            var failure = ExecFailure("cannot be started: \(error.reason)", advice: error.advice, isFinal: true)
            failure.isMachineFault = error.isMachineFault
            throw failure
        }
    }
}

/// Something that went wrong with a program.
struct ExecFailure: Error, CustomStringConvertible {
    /// What it did, to stand behind its name: `ended with status 1 while 3 events were not answered`.
    var reason: String
    /// What the user may do about it.
    var advice: String?
    /// True when starting the program again would not help.
    var isFinal: Bool
    /// How the program ended, when that is the failure.
    var exit: ProgramExit?
    /// The lines on standard error of a program that ended before it had taken or given anything; nobody has seen them.
    var firstWords: [String]?
    /// True when the machine gave no program.
    var isMachineFault = false

    /// What is left of a program when the run is over.
    static let stopped = ExecFailure("was ended with the run", isFinal: true)

    init(_ reason: String, advice: String? = nil, isFinal: Bool = false) {
        self.reason = reason
        self.advice = advice
        self.isFinal = isFinal
    }

    var description: String { reason }

    /// The failure as the runtime wants it.
    func stageError(_ launch: ExecLaunch, _ suffix: String = "") -> StageError {
        var advice = advice
        if let firstWords, firstWords.count > 1 {
            advice = (["it wrote to standard error:"] + firstWords).joined(separator: "\n")
        }
        return StageError("\(launch.title) \(reason)\(suffix)", advice: advice)
    }
}
