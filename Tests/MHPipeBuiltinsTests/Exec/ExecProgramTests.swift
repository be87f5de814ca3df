import Foundation
import MHPipeIO
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// The loop that talks to a program: what it keeps, how long it waits, and who can end the waiting.
@Suite(.timeLimit(.minutes(30))) struct ExecProgramTests {
    private let stage = ExecStage()

    private func start(_ script: String, _ context: PluginContext? = nil, isAnswering: Bool = true) throws
        -> ExecProgram
    {
        let child = try ChildProcess(
            path: "/bin/sh",
            arguments: ["sh", "-c", script],
            environment: ["PATH": "/usr/bin:/bin"]
        )
        return ExecProgram(child, context ?? stage.context, isAnswering: isAnswering)
    }

    @Test func whatIsSaidWhileTheEndIsWaitedForIsNotKept() throws {
        let program = try start("trap '' TERM; yes")
        #expect(program.pump(patience: 10_000) { program.received.count > 0 } == .done)
        let before = program.received.count
        #expect(program.waitForEnd(patience: 300) == nil)
        program.kill()
        #expect(program.received.count == before)
        #expect(program.exit == .signal(9))
    }

    @Test func messagesAreCutAndNotKept() throws {
        let program = try start("tr '\\0' x </dev/zero | head -c 20000000; cat", isAnswering: false)
        #expect(program.pump(patience: 500) { false } == .quiet)
        #expect(program.received.count == 0)
        program.end(patience: 10_000)
        #expect(stage.relayed.map(\.utf8.count) == [4096 + "…".utf8.count])
    }

    @Test(arguments: ["tr '\\0' x </dev/zero", "while :; do echo text >&2; done"])
    func whoeverTalksAndAnswersNothingIsSilent(script: String) throws {
        let program = try start(script)
        let most = 4 << 30
        #expect(program.pump(patience: 300) { program.received.count > most } == .quiet)
    }

    /// ```
    /// test                              worker
    ///                                   sends an event, waits for its answer
    /// reads from the FIFO that the
    ///   program has the event
    /// raises the stop            ->     comes back
    /// ```
    @Test(arguments: [false, true]) func whoeverWaitsIsToldThatTheRunIsOver(isUrgent: Bool) throws {
        let folder = try TemporaryDirectory()
        #expect(mkfifo(folder.path("has_it"), 0o600) == 0)
        var context = stage.context
        context.stop = RunStop()
        let stop = context.stop
        let script =
            "trap '' TERM; while IFS= read -r line; do echo x >\(ExecStage.quoted(folder.path("has_it"))); sleep 1000; done"
        var settings = ExecSettings()
        settings.command.words = ["sh", "-c", script]
        settings.timeout = 900
        let launch = try settings.launch(.transform, context)
        let failure = Locked("")
        let isBack = Gate()
        let has = folder.path("has_it")
        DispatchQueue(label: "worker").async {
            do {
                try ExecTransformSession(launch).process(EventBatch(records: ["{}"]))
            } catch {
                failure.withLock { $0 = "\(error)" }
            }
            // Lets go of whoever waits for a program that has never come so far.
            let pipe = open(has, O_WRONLY | O_NONBLOCK)
            if pipe >= 0 { close(pipe) }
            isBack.open()
        }
        _ = try FileHandle(forReadingFrom: URL(filePath: folder.path("has_it"))).readToEnd()
        stop.raise(isUrgent: isUrgent)
        try isBack.pass()
        let said = failure.withLock { $0 }
        #expect(said.contains("was ended with the run"), "\(said)")
    }
}
