import Dispatch
import MHPipeIO
import MHPipeKit

/// A running program, and the one loop that moves bytes to it and from it.
///
/// Both directions are served by one `poll`, so that full pipes cannot make each side wait for the other. Standard error
/// is passed on whenever the loop runs. Used on one queue.
@safe
final class ExecProgram {
    /// Why the loop came back.
    enum Outcome {
        /// What was waited for is there.
        case done
        /// The program will say nothing more; one whose output is for the user, that it takes nothing more.
        case ended
        /// There was no progress for as long as was asked.
        case quiet
        /// The run is over.
        case stopped
    }

    private let child: ChildProcess
    private let stop: RunStop
    private let start = ExecProgram.now
    private var errors: RelayedLines
    /// What it writes to standard output, when that is for the user as well.
    private var messages: RelayedLines?
    private var hasWritten = false
    /// Where what the program says goes.
    var received = ReceivedText()

    /// What is still to be written, in the memory of whoever called `send`.
    private(set) var pending = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    /// True when the program has closed its input before it had taken all that was sent.
    private(set) var hasLeftInput = false

    /// Milliseconds from the asking to end, and from SIGTERM, to what is done next.
    static let grace = 2000
    /// The same when the process shall end within a second.
    private static let haste = 300
    /// Milliseconds after which what a program says on standard error is no longer the reason why it does not start.
    private static let startUp = 1000
    /// Milliseconds after which to look whether the run is over.
    private static let heartbeat = 100
    private static let readBytes = 256 << 10
    private static let errorBytes = 64 << 10

    /// Takes a program that was started.
    ///
    /// - Parameters:
    ///   - child: The program.
    ///   - context: The stage that runs it.
    ///   - isAnswering: False when what it writes to standard output is for the user.
    init(_ child: ChildProcess, _ context: PluginContext, isAnswering: Bool) {
        self.child = child
        stop = context.stop
        errors = RelayedLines(isHeld: true, relay: context.relay)
        if !isAnswering { messages = RelayedLines(relay: context.relay) }
    }

    deinit {
        if child.exit == nil {
            child.closeOutput()
            kill()
        }
        messages?.finish()
        errors.finish()
        errors.release()
    }

    /// The last line that the program wrote to standard error.
    var lastWords: String? { errors.last }

    /// How it ended; nil while it runs.
    var exit: ProgramExit? { child.exit }

    /// False when the program has closed its input, or was told that there is no more.
    var hasInput: Bool { child.hasInput }

    /// True while it has neither taken nor given anything.
    var isUntouched: Bool { !hasWritten && !child.hasTaken }

    /// True when it has taken all that was sent.
    var hasTakenAll: Bool { unsafe pending.isEmpty && !hasLeftInput && child.bytesUntaken == 0 }

    /// What it wrote to standard error from its start on, while that was not passed on; it will not be then.
    func takeFirstWords() -> [String] { errors.takeHeld() }

    /// Names the bytes that `pump` writes next; they must stay until it has.
    func send(_ bytes: UnsafeRawBufferPointer) {
        unsafe pending = unsafe bytes
    }

    /// Tells the program that its input has come to its end.
    func closeInput() {
        unsafe pending = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        child.closeInput()
    }

    /// Moves bytes until something is there.
    ///
    /// - Parameters:
    ///   - patience: The milliseconds without progress, which is input that was taken or a whole line that came, after
    ///     which to come back.
    ///   - isDone: Asked after every step.
    /// - Returns: Why it came back.
    func pump(patience: Int, until isDone: () -> Bool) -> Outcome {
        var deadline = Self.now + patience
        while !isDone() {
            guard !stop.isRaised else { return .stopped }
            guard messages == nil ? child.isOpen(.output) : child.hasInput else { return .ended }
            let left = deadline - Self.now
            guard left > 0 else { return .quiet }
            if step(milliseconds: min(left, Self.heartbeat)) { deadline = Self.now + patience }
        }
        return .done
    }

    /// Moves what can be moved without waiting.
    func pumpOnce() {
        // As often as would empty full pipes, for a program that never stops writing.
        for _ in 0..<16 {
            guard child.isOpen(.output) || child.isOpen(.errors) else { return }
            guard !child.poll(wantsInput: false, milliseconds: 0).isEmpty else { return }
            _ = step(milliseconds: 0)
        }
    }

    /// Waits until the program has ended, and nobody that it has started holds its outputs; what it still says is read
    /// and forgotten, except what is for the user.
    ///
    /// - Parameter patience: The milliseconds after which to come back.
    /// - Returns: How it ended, or nil when it has not.
    func waitForEnd(patience: Int) -> ProgramExit? {
        let start = Self.now
        while true {
            let left = start + (stop.isUrgent ? min(patience, Self.haste) : patience) - Self.now
            let isSilent = !child.isOpen(.output) && !child.isOpen(.errors)
            let pause = max(0, min(left, Self.heartbeat))
            if isSilent, let exit = child.wait(milliseconds: pause) { return exit }
            guard left > 0 else { return nil }
            if !isSilent { _ = step(milliseconds: pause, isKept: false) }
        }
    }

    /// Ends the program in order: the end of its input, then SIGTERM, then SIGKILL.
    ///
    /// - Parameter patience: The milliseconds that it may take to end by itself.
    /// - Returns: How it ended, when it did so by itself.
    @discardableResult
    func end(patience: Int) -> ProgramExit? {
        closeInput()
        if let exit = waitForEnd(patience: patience) { return exit }
        kill()
        return nil
    }

    /// Ends the program and all that it has started; its input stays open until then, so that it cannot take what it
    /// has read for all that there is.
    func kill() {
        // Nobody promises any more that these bytes stay.
        unsafe pending = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        child.terminate()
        if waitForEnd(patience: Self.grace) == nil {
            child.kill()
            _ = waitForEnd(patience: Self.grace)
        }
    }

    /// Waits for something to move, and moves it.
    ///
    /// - Returns: True when there was progress.
    private func step(milliseconds: Int, isKept: Bool = true) -> Bool {
        let ready = unsafe child.poll(wantsInput: !pending.isEmpty, milliseconds: milliseconds)
        var hasMoved = false
        if ready.contains(.errors) { readErrors() }
        if ready.contains(.output) { hasMoved = readOutput(isKept: isKept) }
        if ready.contains(.input) { hasMoved = writeInput() || hasMoved }
        if hasWritten || Self.now - start > Self.startUp { errors.release() }
        return hasMoved
    }

    private func writeInput() -> Bool {
        guard let count = unsafe child.write(pending) else {
            // It reads no more; what it has to say can still be heard.
            unsafe pending = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
            hasLeftInput = true
            return true
        }
        unsafe pending = unsafe UnsafeRawBufferPointer(rebasing: pending.dropFirst(count))
        return count > 0
    }

    private func readOutput(isKept: Bool) -> Bool {
        guard messages == nil else {
            unsafe read(.output) { unsafe messages?.append($0) }
            if !child.isOpen(.output) { messages?.finish() }
            return false
        }
        let lines = received.ends.count
        guard let count = unsafe child.read(.output, into: received.room(Self.readBytes)), count > 0 else {
            return false
        }
        hasWritten = true
        if isKept { received.append(count) }
        return received.ends.count > lines
    }

    private func readErrors() {
        unsafe read(.errors) { unsafe errors.append($0) }
        if !child.isOpen(.errors) { errors.finish() }
    }

    private func read(_ stream: ChildProcess.Stream, _ take: (UnsafeMutableRawBufferPointer.SubSequence) -> Void) {
        unsafe withUnsafeTemporaryAllocation(byteCount: Self.errorBytes, alignment: 1) { buffer in
            if let count = unsafe child.read(stream, into: buffer) { unsafe take(buffer.prefix(count)) }
        }
    }

    private static var now: Int { Int(DispatchTime.now().uptimeNanoseconds / 1_000_000) }
}
