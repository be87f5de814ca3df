import MHPipeKit

/// Sends events through a program, which answers each with the event as it shall go on, in the order of the input.
///
/// Each worker runs a program of its own, so what it answers must not depend on the events before. The answer is the
/// event from then on, with all that earlier transforms added, and later stages read and write it like any other.
struct ExecTransform: Transform, SwitchingTransform {
    static let name = "exec"
    static let summary = "Sends events through a program of any language, which changes or drops them."

    struct Options: PluginOptions {
        var program = ExecSettings()
        var filter = false

        static let all: [Option<Options>] = [
            .required(
                "command",
                \.program.command,
                "The program and its arguments.",
                example: "[jq, --unbuffered, -c, .]"
            ),
            .optional(
                "protocol",
                \.program.conversation,
                "How they talk: JSON lines alone, or with a handshake in which the program declares itself."
            ),
            .optional("options", \.program.options, "The program's own options, with protocol handshake."),
            .optional(
                "timeout",
                \.program.timeout,
                "The seconds without an answer after which the program counts as hung.",
                example: "300"
            ),
            .optional(
                "restarts",
                \.program.restarts,
                "How often each worker starts a program again that failed, where it is sure what was not answered."
            ),
            .optional(
                "filter",
                \.filter,
                "The program leaves out the lines of events that it drops; one runs at a time, for all workers."
            ),
        ]
    }

    private let session: ExecTransformSession

    init(_ options: Options, _ context: PluginContext) throws {
        session = try ExecTransformSession(options.program.launch(.transform, context))
    }

    static func warnings(_ options: Options) -> [OptionWarning] { options.program.command.warnings }

    typealias Ordered = ExecFilterTransform

    static func isOrdered(_ options: Options) -> Bool { options.filter }

    mutating func process(_ batch: EventBatch) throws {
        try session.process(batch)
    }

    mutating func finish() throws {
        try session.finish()
    }
}
