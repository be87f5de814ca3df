/// Where text goes: standard output, standard error, or a test's memory.
///
/// Used under the console's lock only.
protocol TextOutput: Sendable {
    /// True when a person is watching.
    var isTerminal: Bool { get }
    /// True for a pipe, whose reader may write to the terminal.
    var isPipe: Bool { get }

    /// False for a terminal at which another program is at work at this moment.
    var isInForeground: Bool { get }

    /// The terminal's width at this moment, in columns; nil when it is none.
    var columns: Int? { get }

    /// Writes all of a text.
    ///
    /// - Throws: `StageError`; `isClosedPipe` when the reader went away.
    func write(_ text: String) throws

    /// Writes all of some bytes, which may be no text.
    ///
    /// - Throws: As for a text.
    func write(_ bytes: [UInt8]) throws
}

extension TextOutput {
    // What is no stream of the process is no pipe, and no terminal that others use.
    var isPipe: Bool { false }
    var isInForeground: Bool { true }

    func write(_ bytes: [UInt8]) throws { try write(String(decoding: bytes, as: UTF8.self)) }
}
