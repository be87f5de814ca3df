import MHPipeKit

/// Writes events to the standard input of a program, as JSON lines in the order of the input.
///
/// With a handshake the program finishes and commits like any sink, so a run that fails or is killed leaves what was
/// there before. Without one the end of its input is all that it is told, and when the run fails it is ended: what it
/// has written until then is its own affair.
struct ExecSink: Sink {
    static let name = "exec"
    static let summary = "Writes events as JSON lines to a program of any language."

    struct Options: PluginOptions {
        var program = ExecSettings()
        var writes: [OutputTree] = []

        static let all: [Option<Options>] = [
            .required(
                "command",
                \.program.command,
                "The program and its arguments.",
                example: "[./load.py, --table, trail]"
            ),
            .optional(
                "protocol",
                \.program.conversation,
                "How they talk: JSON lines alone, or with a handshake after which the program commits like any sink."
            ),
            .optional("options", \.program.options, "The program's own options, with protocol handshake."),
            .optional(
                "writes",
                \.writes,
                "The files and folders that the program writes, for the check that no two stages use one file.",
                example: "[lake/trail.csv]"
            ),
            .optional(
                "timeout",
                \.program.timeout,
                "The seconds in which it takes no input and answers nothing after which the program counts as hung.",
                example: "300"
            ),
        ]
    }

    private let session: ExecSinkSession

    init(_ options: Options, _ context: PluginContext) throws {
        session = ExecSinkSession(try options.program.launch(.sink, context))
    }

    static func warnings(_ options: Options) -> [OptionWarning] { options.program.command.warnings }

    mutating func open() throws {
        try session.open()
    }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        try unsafe session.write(bytes)
    }

    mutating func finish() throws {
        try session.finish()
    }

    mutating func commit() throws {
        try session.commit()
    }

    mutating func abort() {
        session.abort()
    }
}
