import MHPipeKit

/// The first lines that mhpipe and a program exchange: what the program is, and what it shall do.
///
/// Lines of the conversation are arrays whose first element says what they are; events are objects.
struct ExecHandshake {
    let program: ExecProgram
    let launch: ExecLaunch

    /// The version of the conversation, which a program names.
    static let version = 1
    /// More bytes of the conversation than this are not taken at a time.
    private static let longestLine = 1 << 20

    /// Waits for the line in which the program says what it is.
    func hear() throws(ExecFailure) -> ExecDeclaration {
        let line = try line(expecting: "its first line")
        guard let message = ExecMessage(line), message.verb == "hello", let body = message.body else {
            throw ExecFailure(
                "does not begin with a handshake, but with \(line.excerpt)",
                advice: Self.advice,
                isFinal: true
            )
        }
        let declaration = try ExecDeclaration(body)
        guard declaration.kind == launch.kind.rawValue else {
            throw ExecFailure(
                "is a \(declaration.kind), not a \(launch.kind.rawValue) ('\(declaration.title)')",
                advice: "move the stage to `\(declaration.kind)s:`, or run another program",
                isFinal: true
            )
        }
        return declaration
    }

    /// Tells the program its options, and waits until it is ready.
    func begin(_ options: String) throws(ExecFailure) {
        var text: [UInt8] = []
        JSONText.escape(launch.context.stage.utf8, into: &text)
        let stage = String(decoding: text, as: UTF8.self)
        try say(#"["start",{"kind":"\#(launch.kind.rawValue)","stage":"\#(stage)","options":\#(options)}]"#)
        _ = try confirm("the start")
    }

    /// Sends a line of the conversation.
    func say(_ line: String) throws(ExecFailure) {
        let bytes = Array((line + "\n").utf8)
        // Read meanwhile is only what comes by itself: the answer is waited for by who expects it.
        let sent = unsafe bytes.withUnsafeBytes { bytes in
            Result { () throws(ExecFailure) in try unsafe send(bytes, orUntil: { false }) }
        }
        try sent.get()
    }

    /// Sends bytes until the program has taken them, or takes no more, or `isDone` says that they need not be taken.
    func send(_ bytes: UnsafeRawBufferPointer, orUntil isDone: () -> Bool) throws(ExecFailure) {
        unsafe program.send(bytes)
        let outcome = program.pump(patience: launch.patience) {
            unsafe program.pending.isEmpty || isFlooded || isDone()
        }
        if isFlooded { throw flood("while it is given its input") }
        switch outcome {
        case .quiet: throw hung("takes no input")
        case .stopped: throw .stopped
        case .done, .ended: break
        }
    }

    /// Waits for `["ok"]`, and gives the number in it.
    func confirm(_ what: String) throws(ExecFailure) -> Int? {
        let line = try line(expecting: "its answer to \(what)")
        guard let message = ExecMessage(line) else {
            throw ExecFailure(
                "answers \(what) with \(line.excerpt), not with [\"ok\"]",
                advice: ExecFailure.outputAdvice,
                isFinal: true
            )
        }
        switch message.verb {
        case "ok": return message.body?.int
        case "error": throw ExecFailure("says: \(message.body?.string ?? "an error without words")", isFinal: true)
        default: throw ExecFailure("answers \(what) with \(line.excerpt), not with [\"ok\"]", isFinal: true)
        }
    }

    /// Waits for a line and takes it.
    private func line(expecting what: String) throws(ExecFailure) -> [UInt8] {
        let outcome = program.pump(patience: launch.patience) { !program.received.ends.isEmpty || isFlooded }
        switch outcome {
        case .done where program.received.ends.isEmpty: throw flood("where \(what) was due")
        case .done:
            let line = unsafe Array(program.received.line(0))
            program.received.dropLines(1)
            return line
        case .quiet: throw hung("has been silent, where \(what) was due")
        case .ended: throw ended("before \(what)")
        case .stopped: throw .stopped
        }
    }

    private var isFlooded: Bool { program.received.count > Self.longestLine }

    private func flood(_ when: String) -> ExecFailure {
        ExecFailure(
            "writes more than \(Self.longestLine >> 20) MiB \(when)",
            advice: ExecFailure.outputAdvice,
            isFinal: true
        )
    }

    /// The failure of a program that does nothing.
    func hung(_ what: String) -> ExecFailure {
        ExecFailure(
            "\(what), for \(launch.settings.timeout) seconds",
            advice: "give it more time with `timeout`, or see where it waits; a program must flush what it answers"
        )
    }

    /// The failure of a program that has ended, or has closed its output.
    func ended(_ when: String) -> ExecFailure {
        _ = program.waitForEnd(patience: ExecProgram.grace)
        guard let exit = program.exit else {
            return ExecFailure("closed its standard \(program.hasLeftInput ? "input" : "output") \(when)")
        }
        var failure = ExecFailure(
            "\(exit) \(when)",
            advice: program.lastWords.map { "its last line on standard error: \($0)" }
        )
        failure.exit = exit
        if program.isUntouched { failure.firstWords = program.takeFirstWords() }
        return failure
    }

    private static let advice =
        "a program of `protocol: handshake` begins with a line such as "
        + #"["hello",{"protocol":1,"kind":"transform","name":"x","version":"1.0","options":{}}]; "#
        + "for one that only reads and writes events, leave `protocol` out"
}

extension ExecFailure {
    /// What to do about a program that writes to standard output what does not belong there.
    static let outputAdvice =
        "standard output is for answers only, one line each; write everything else to standard error"
}

/// A line of the conversation: `["verb", body]`.
struct ExecMessage {
    let verb: String
    let body: JSONValue?

    /// Nil for anything else.
    init?(_ line: [UInt8]) {
        guard line.first(where: { $0 > 0x20 }) == UInt8(ascii: "["),
            let value = JSONValue.checked(line), value.kind == .array,
            let verb = value.elements.first?.string
        else { return nil }
        self.verb = verb
        body = value.elements.dropFirst().first
    }
}

extension JSONValue {
    /// Reads a text; nil unless it is one whole JSON value.
    static func checked(_ text: [UInt8]) -> JSONValue? {
        guard let window = IndexedText(copying: Array("[".utf8) + text + Array("]".utf8)), window.defects.isEmpty else {
            return nil
        }
        var fields = [UInt32](repeating: 0, count: KnownField.count)
        guard case .complete(let end) = unsafe RecordScanner().scan(window, from: 0, fields: &fields),
            end == window.indexCount
        else { return nil }
        let values = JSONValue(window: window, position: 0).elements
        return values.count == 1 ? values[0] : nil
    }
}

extension Collection<UInt8> {
    /// The beginning of a line, for messages.
    var excerpt: String {
        let start = Array(prefix(81))
        let text = String(decoding: start.prefix(80), as: UTF8.self)
        return text.isEmpty ? "an empty line" : "'\(text)'" + (start.count > 80 ? " and more" : "")
    }
}
