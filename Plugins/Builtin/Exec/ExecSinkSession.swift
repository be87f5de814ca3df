import MHPipeIO
import MHPipeKit

/// The program of an `exec` sink.
///
/// With a handshake it is told of the end of each batch, of `finish` and of `commit`, and answers each; a batch that
/// is not acknowledged, with the number of events that were sent, fails the run. An input that ends without `commit`
/// means that what was written shall go.
final class ExecSinkSession {
    private let launch: ExecLaunch
    private var program: ExecProgram?
    /// The events of each batch that is not acknowledged.
    private var outstanding: [Int] = []
    private let batch = OutputBuffer()
    private var isFinished = false

    /// Batches that may wait for their acknowledgement.
    private static let mostOutstanding = 4

    init(_ launch: ExecLaunch) {
        self.launch = launch
    }

    func open() throws {
        try reporting { () throws(ExecFailure) in program = try launch.start() }
    }

    /// Sends lines; returns when the pipe has taken them.
    func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        guard !bytes.isEmpty else { return }
        try reporting { () throws(ExecFailure) in
            guard let program else { return }
            var events = 0
            var next = 0
            while let end = unsafe bytes.lineEnd(from: next) {
                events += 1
                next = end + 1
            }
            guard isConversing else { return try unsafe send(UnsafeRawBufferPointer(bytes), to: program) }
            outstanding.append(events)
            batch.removeAll()
            unsafe batch.append(bytes)
            batch.append(0x0A)
            try unsafe send(UnsafeRawBufferPointer(batch.bytes), to: program)
            while outstanding.count > Self.mostOutstanding || !program.received.ends.isEmpty {
                try acknowledge(program)
            }
        }
    }

    /// Waits until the program has made everything durable.
    func finish() throws {
        guard !isFinished else { return }
        try reporting { () throws(ExecFailure) in
            guard let program else { return }
            guard isConversing else { return try end(program, "after the last event") }
            while !outstanding.isEmpty { try acknowledge(program) }
            try tell("finish", program)
        }
        isFinished = true
    }

    /// Has the program put the result in its place.
    func commit() throws {
        try reporting { () throws(ExecFailure) in
            guard let program, isConversing else { return }
            try tell("commit", program)
            try end(program, "after the commit")
        }
        program = nil
    }

    /// Ends the program.
    ///
    /// With a handshake it removes what it has written when its input ends; without one, the end of its input would say
    /// that it has all.
    func abort() {
        guard let program else { return }
        self.program = nil
        if isConversing {
            program.end(patience: min(launch.patience, 5 * ExecProgram.grace))
        } else {
            program.kill()
        }
    }

    private var isConversing: Bool { launch.settings.conversation == .handshake }

    private func send(_ bytes: UnsafeRawBufferPointer, to program: ExecProgram) throws(ExecFailure) {
        let handshake = ExecHandshake(program: program, launch: launch)
        try unsafe handshake.send(bytes, orUntil: { !program.hasInput })
        guard unsafe !program.hasInput || !program.pending.isEmpty else { return }
        // Whoever says why has the last word.
        _ = program.pump(patience: ExecProgram.grace, until: { isConversing && !program.received.ends.isEmpty })
        if isConversing, !program.received.ends.isEmpty { try acknowledge(program) }
        throw handshake.ended("before the input did")
    }

    private func tell(_ verb: String, _ program: ExecProgram) throws(ExecFailure) {
        let handshake = ExecHandshake(program: program, launch: launch)
        try handshake.say("[\"\(verb)\"]")
        _ = try handshake.confirm("'\(verb)'")
    }

    private func acknowledge(_ program: ExecProgram) throws(ExecFailure) {
        let handshake = ExecHandshake(program: program, launch: launch)
        let count = try handshake.confirm("a batch")
        guard !outstanding.isEmpty else {
            throw ExecFailure("answers more batches than it was given", isFinal: true)
        }
        let events = outstanding.removeFirst()
        guard count == events else {
            throw ExecFailure(
                "acknowledges \(count.map(String.init) ?? "no number of") events of a batch of \(events)",
                advice: "the answer to the empty line behind a batch is [\"ok\", N], with the number of its events",
                isFinal: true
            )
        }
    }

    /// Ends the program, which must end well.
    private func end(_ program: ExecProgram, _ when: String) throws(ExecFailure) {
        program.closeInput()
        let handshake = ExecHandshake(program: program, launch: launch)
        guard let exit = program.waitForEnd(patience: launch.patience) else {
            throw handshake.hung("does not end \(when)")
        }
        if exit != .status(0) { throw handshake.ended(when) }
        // A pipe takes a small input whole; a larger one would have failed on the way.
        if !isConversing, !program.hasTakenAll { throw handshake.ended("before it had read all of its input") }
    }

    private func reporting(_ work: () throws(ExecFailure) -> Void) throws {
        do {
            try work()
        } catch {
            throw error.stageError(launch)
        }
    }
}
