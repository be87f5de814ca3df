import Libc
public import MHPipeKit

/// The `mhpipe` command as a library.
public enum CommandLineTool {
    /// Runs the command with the process's arguments, and ends the process.
    ///
    /// - Parameter plugins: The plugins that pipelines may name.
    public static func main(plugins: PluginRegistry) {
        Heaps.limit()
        // A reader that goes away is reported by the write that meets it.
        signal(SIGPIPE, SIG_IGN)
        // Likewise a file that may not grow any further.
        signal(SIGXFSZ, SIG_IGN)
        StandardStreams.holdPlaces()
        let console = Console(
            standardOutput: FileDescriptorOutput.standardOutput,
            standardError: FileDescriptorOutput.standardError,
            environment: environment
        )
        exit(
            run(Array(arguments.dropFirst()), plugins: plugins, console: console, environment: environment)
        )
    }

    /// Runs the command.
    ///
    /// - Returns: The exit code.
    static func run(
        _ arguments: [String],
        plugins: PluginRegistry,
        console: Console,
        environment: [String: String] = [:]
    ) -> Int32 {
        let context = CommandContext(
            plugins: plugins,
            loader: PluginLibrary.loader,
            console: console,
            environment: environment
        )
        do {
            return try dispatch(arguments, context).value
        } catch let error as UsageError {
            let help = error.pointsToHelp ? [helpLine(arguments)] : []
            console.say(error.message, advice: error.advice + help)
            return error.exitCode.value
        } catch let error as StageError {
            if error.isClosedPipe { return ExitCode.success.value }
            console.say(error.message, advice: error.adviceLines)
            return ExitCode.failure.value
        } catch {
            console.say("\(error)")
            return ExitCode.failure.value
        }
    }

    private static func dispatch(_ arguments: [String], _ context: CommandContext) throws -> ExitCode {
        guard let word = arguments.first else {
            try context.console.write(FirstSteps.text(width: context.console.helpWidth))
            return .success
        }
        let rest = arguments.dropFirst()
        switch word {
        case "--version", "-V", "version":
            try context.console.write(Version.text)
            return .success
        case "--help", "-h", "help":
            try context.console.write(CommandList.help(on: rest, width: context.console.helpWidth))
            return .success
        case _ where CommandList.isGroup(word) && rest.first.map(CommandList.helpFlags.contains) == true:
            try context.console.write(CommandList.help(on: arguments[...], width: context.console.helpWidth))
            return .success
        case CompletionScript.question, CompletionScript.questionOfLine:
            let line = word == CompletionScript.questionOfLine ? rest.first ?? "" : nil
            let completion = CommandLineCompletion(
                line.map(ShellWords.words) ?? Array(rest),
                plugins: context.plugins,
                environment: context.environment
            )
            try context.console.write(line.map(completion.text(forLine:)) ?? completion.text)
            return .success
        default:
            let (command, rest) = try CommandList.command(arguments[...])
            return try command.run(rest, in: context)
        }
    }

    private static func helpLine(_ arguments: [String]) -> String {
        let group = arguments.first.flatMap { CommandList.isGroup($0) ? $0 : nil }
        let command = (try? CommandList.command(arguments[...]))?.command.name ?? group
        return "'mhpipe \(command.map { $0 + " " } ?? "")--help' shows how it is used"
    }

    /// The words of the command line; `CommandLine.arguments` repairs what is not UTF-8, and with it paths.
    private static var arguments: [String] {
        (0..<Int(CommandLine.argc)).compactMap { unsafe CommandLine.unsafeArgv[$0].map(unsafe text) }
    }

    /// The process's environment.
    private static var environment: [String: String] {
        var variables: [String: String] = [:]
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let bytes = unsafe UnsafeBufferPointer(start: entry, count: strlen(entry)).map(UInt8.init(bitPattern:))
            if let sign = bytes.firstIndex(of: UInt8(ascii: "=")) {
                variables[ByteText.text(Array(bytes[..<sign]))] = ByteText.text(Array(bytes[(sign + 1)...]))
            }
            unsafe next += 1
        }
        return variables
    }

    private static func text(_ bytes: UnsafeMutablePointer<CChar>) -> String {
        unsafe ByteText.text(UnsafeBufferPointer(start: bytes, count: strlen(bytes)).map(UInt8.init(bitPattern:)))
    }
}

extension StageError {
    /// The advice, a line each.
    var adviceLines: [String] { advice?.split(separator: "\n").map(String.init) ?? [] }
}
