import Dispatch
import MHPipeIO
import MHPipeKit

/// A running program, and the one loop that moves bytes to it and from it.
///
/// Both directions are served by one `poll`, so that full pipes cannot make each side wait for the other. Standard error
/// is passed on whenever the loop runs. Used on one queue.
final class ExecProgram {
    /// Why the loop came back.
    enum Outcome {
        /// What was waited for is there.
        case done
        /// The program will say nothing more.
        case ended
        /// Nothing has moved for as long as was asked.
        case quiet
    }

    private let child: ChildProcess
    private var errors: RelayedLines
    /// Where what the program says goes.
    var received = ReceivedText()

    /// What is still to be written, in the memory of whoever called `send`.
    private(set) var pending = UnsafeRawBufferPointer(start: nil, count: 0)

    /// Milliseconds from the asking to end, and from SIGTERM, to what is done next.
    static let grace = 2000
    private static let readBytes = 256 << 10

    init(_ child: ChildProcess, relay: @escaping @Sendable (String) -> Void) {
        self.child = child
        errors = RelayedLines(relay: relay)
    }

    deinit {
        if child.exit == nil { end(patience: Self.grace) }
    }

    /// The last line that the program wrote to standard error.
    var lastWords: String? { errors.last }

    /// False when the program has closed its input, or was told that there is no more.
    var hasInput: Bool { child.hasInput }

    /// Names the bytes that `pump` writes next; they must stay until it has.
    func send(_ bytes: UnsafeRawBufferPointer) {
        pending = bytes
    }

    /// Tells the program that its input has come to its end.
    func closeInput() {
        pending = UnsafeRawBufferPointer(start: nil, count: 0)
        child.closeInput()
    }

    /// Moves bytes until something is there.
    ///
    /// - Parameters:
    ///   - patience: The milliseconds without a byte moved after which to come back.
    ///   - isDone: Asked after every step.
    /// - Returns: Why it came back.
    func pump(patience: Int, until isDone: () -> Bool) -> Outcome {
        var deadline = Self.now + patience
        while !isDone() {
            guard child.isOpen(.output) else { return .ended }
            let left = deadline - Self.now
            guard left > 0 else { return .quiet }
            if step(milliseconds: left) { deadline = Self.now + patience }
        }
        return .done
    }

    /// Moves what can be moved without waiting.
    func pumpOnce() {
        // As often as would empty full pipes, for a program that never stops writing.
        for _ in 0..<512 {
            guard child.isOpen(.output) || child.isOpen(.errors) else { return }
            guard !child.poll(wantsInput: false, milliseconds: 0).isEmpty else { return }
            _ = step(milliseconds: 0)
        }
    }

    /// Waits until the program has closed its outputs and ended.
    ///
    /// - Parameter patience: The milliseconds without a sign of life after which to come back.
    /// - Returns: How it ended, or nil when it has not.
    func waitForEnd(patience: Int) -> ProgramExit? {
        var deadline = Self.now + patience
        while child.isOpen(.output) || child.isOpen(.errors) {
            // Who was started by the program may hold its outputs open after it has ended.
            if child.wait(milliseconds: 0) != nil {
                pumpOnce()
                break
            }
            let left = deadline - Self.now
            guard left > 0 else { return nil }
            let said = received.count
            if step(milliseconds: min(left, 100)) || received.count != said { deadline = Self.now + patience }
        }
        errors.finish()
        return child.wait(milliseconds: max(deadline - Self.now, 0))
    }

    /// Ends the program in order: the end of its input, then SIGTERM, then SIGKILL.
    ///
    /// - Parameter patience: The milliseconds that it may take to end by itself.
    /// - Returns: How it ended, when it did so by itself.
    @discardableResult
    func end(patience: Int) -> ProgramExit? {
        closeInput()
        if let exit = waitForEnd(patience: patience) { return exit }
        child.terminate()
        if waitForEnd(patience: Self.grace) == nil {
            child.kill()
            _ = waitForEnd(patience: Self.grace)
        }
        errors.finish()
        return nil
    }

    /// Ends the program, which has failed.
    func kill() {
        child.terminate()
        end(patience: Self.grace / 10)
    }

    /// Waits for something to move, and moves it; true when something of the conversation did.
    private func step(milliseconds: Int) -> Bool {
        let ready = child.poll(wantsInput: !pending.isEmpty, milliseconds: milliseconds)
        var hasMoved = false
        if ready.contains(.errors) { readErrors() }
        if ready.contains(.output) { hasMoved = readOutput() || hasMoved }
        if ready.contains(.input) {
            if let count = child.write(pending) {
                pending = UnsafeRawBufferPointer(rebasing: pending.dropFirst(count))
                hasMoved = count > 0 || hasMoved
            } else {
                // It reads no more; what it has to say can still be heard.
                pending = UnsafeRawBufferPointer(start: nil, count: 0)
                hasMoved = true
            }
        }
        return hasMoved
    }

    private func readOutput() -> Bool {
        let count = child.read(.output, into: received.room(Self.readBytes))
        if let count { received.append(count) }
        return count != 0
    }

    private func readErrors() {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            guard let count = child.read(.errors, into: buffer) else { return errors.finish() }
            errors.append(buffer.prefix(count))
        }
    }

    private static var now: Int { Int(DispatchTime.now().uptimeNanoseconds / 1_000_000) }
}
