import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// A pipeline that reads files as they come, until a signal ends it.
@Suite(.timeLimit(.minutes(30))) struct WatchTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: folder.path("logs"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder.path("out"), withIntermediateDirectories: true)
        try pipeline()
    }

    private func pipeline(_ more: String = "", transforms: String = "", watch: String = "watch: true") throws {
        try folder.write(
            """
            state: st
            mode: append
            commit_every: 1s
            \(more)
            sources: {logs: {type: directory, path: logs, poll_every: 1s, \(watch)}}
            \(transforms.isEmpty ? "" : "transforms: {\(transforms)}")
            sinks: {lines: {type: jsonl, path: out/lines.jsonl}}
            """,
            to: "p.conf"
        )
    }

    private static func event(_ name: String) -> String {
        #"{"eventVersion":"1.08","eventTime":"2026-01-01T00:00:00Z","eventSource":"s3.amazonaws.com","#
            + #""eventName":"\#(name)","awsRegion":"us-east-1","eventID":"\#(name)"}"#
    }

    /// Writes a file somewhere else, and moves it in.
    private func deliver(_ name: String, _ events: String...) throws {
        try folder.write(Trail.file(events.map(Self.event)), to: "new")
        let path = folder.path("logs/\(name)")
        let parent = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        #expect(rename(folder.path("new"), path) == 0)
    }

    /// The names of the events in the output, in order.
    private var names: [String] {
        let text = String(decoding: (try? folder.read("out/lines.jsonl")) ?? Data(), as: UTF8.self)
        return text.matches(of: #/"eventName":"([^"]*)"/#).map { String($0.1) }.sorted()
    }

    @Test(arguments: ["watch: true", "watch: poll"])
    func filesAreReadAsTheyCome(watch: String) throws {
        try pipeline(watch: watch)
        try deliver("a.json", "a1", "a2")
        let run = try WatchedRun(folder)
        try run.wait(for: "committed 1 file, 2 events kept")
        #expect(names == ["a1", "a2"])
        try deliver("2026/01/01/b.json", "b")
        try run.wait(for: "committed 1 file, 1 event kept")
        let end = run.end(SIGTERM)
        #expect(end.status == 0, "\(end.said)")
        #expect(end.said.contains("2  files read"), "\(end.said)")
        #expect(names == ["a1", "a2", "b"])
        // Started again, it knows what it has read.
        try deliver("c.json", "c")
        let again = try WatchedRun(folder)
        try again.wait(for: "committed 1 file, 1 event kept")
        #expect(again.end(SIGINT).status == 0)
        #expect(names == ["a1", "a2", "b", "c"])
    }

    @Test func aFileThatIsBeingWrittenIsNotRead() throws {
        let run = try WatchedRun(folder)
        try deliver("first.json", "first")
        try run.wait(for: "committed 1 file")
        let text = Trail.file([Self.event("half")])
        let file = open(folder.path("logs/half.json"), O_CREAT | O_WRONLY, 0o600)
        _ = text.prefix(50).withCString { write(file, $0, strlen($0)) }
        try deliver("second.json", "second")
        try run.wait(for: "committed 1 file, 1 event kept")
        #expect(names == ["first", "second"])
        _ = text.dropFirst(50).withCString { write(file, $0, strlen($0)) }
        close(file)
        try run.wait(for: "committed 1 file, 1 event kept")
        #expect(names == ["first", "half", "second"])
        #expect(run.end(SIGTERM).status == 0)
    }

    /// A transform that waits until the test has opened its gate, and says when it has begun.
    private func gate() throws -> String {
        #expect(mkfifo(folder.path("begun"), 0o600) == 0)
        #expect(mkfifo(folder.path("gate"), 0o600) == 0)
        try folder.write("#!/bin/sh\necho > begun\nread line < gate\nexec cat\n", to: "slow.sh")
        return "slow: {type: exec, command: [sh, slow.sh]}"
    }

    /// Opened for both directions, a pipe with a name waits for nobody.
    private func openGate() throws -> FileHandle {
        let gate = FileHandle(fileDescriptor: open(folder.path("gate"), O_RDWR), closeOnDealloc: true)
        try gate.write(contentsOf: Data("\n".utf8))
        return gate
    }

    private func waitForBegin() throws {
        let begun = open(folder.path("begun"), O_RDWR)
        defer { close(begun) }
        var signal = pollfd(fd: begun, events: Int16(POLLIN), revents: 0)
        try #require(Libc.poll(&signal, 1, 60_000) == 1, "the transform does not begin")
    }

    @Test func whatIsInFlightIsCommittedAtTheEnd() throws {
        try pipeline("workers: 1", transforms: gate())
        try deliver("a.json", "a")
        let run = try WatchedRun(folder)
        try waitForBegin()
        run.send(SIGTERM)
        try run.wait(for: "finishing what is in flight")
        let gate = try openGate()
        let end = run.end()
        try gate.close()
        #expect(end.status == 0, "\(end.said)")
        #expect(names == ["a"])
    }

    @Test func whatWasKilledInARoundIsReadAgain() throws {
        for name in ["a", "b", "c"] { try deliver("\(name).json", name) }
        let before = try WatchedRun(folder)
        try before.wait(for: "committed 3 files")
        before.die()
        try pipeline("workers: 1\ncheckpoint_every: 0s", transforms: gate())
        // The pipeline is another one, so that it begins anew with what has come since.
        for name in ["d", "e"] { try deliver("\(name).json", name) }
        let killed = try WatchedRun(folder, ["--restart"])
        try waitForBegin()
        killed.send(SIGKILL)
        // The program that it has started lives on, and ends when it has no input any more.
        let gate = try openGate()
        killed.die()
        defer { try? gate.close() }
        try FileManager.default.removeItem(atPath: folder.path("slow.sh"))
        try folder.write("exec cat\n", to: "slow.sh")
        // The kill may have come before it was put down that it begins anew.
        let after = try WatchedRun(folder, ["--restart"])
        try after.wait(for: "committed 2 files, 2 events kept")
        #expect(after.end(SIGTERM).status == 0)
        #expect(names == ["a", "b", "c", "d", "e"])
    }

    @Test func anOutputThatFailsIsWaitedFor() throws {
        let run = try WatchedRun(folder, ["--metrics", "127.0.0.1:0"])
        let line = try run.wait(for: "metrics are served at http")
        let port = try #require(line.firstMatch(of: #/127\.0\.0\.1:(\d+)/#).flatMap { UInt16($0.1) })
        try deliver("a.json", "a")
        try run.wait(for: "committed 1 file, 1 event kept")
        #expect(try HTTPGet(port: port, path: "/health").status == 200)
        #expect(rename(folder.path("out"), folder.path("elsewhere")) == 0)
        try deliver("b.json", "b")
        try run.wait(for: "nothing was committed; it is tried again, with growing pauses")
        let health = try HTTPGet(port: port, path: "/health")
        #expect(health.status == 503 && health.body.contains("out/lines.jsonl"), "\(health.body)")
        try deliver("c.json", "c")
        #expect(rename(folder.path("elsewhere"), folder.path("out")) == 0)
        try run.wait(for: "committed again, after")
        #expect(try HTTPGet(port: port, path: "/health").status == 200)
        let metrics = try HTTPGet(port: port, path: "/metrics").body
        #expect(metrics.contains("\nmhpipe_failed_runs_total ") && metrics.contains("\nmhpipe_waiting_files "))
        if let promtool = ExternalProgram("promtool") {
            let result = try promtool.run(["check", "metrics"], input: Data(metrics.utf8))
            #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        }
        let end = run.end(SIGTERM)
        #expect(end.status == 0, "\(end.said)")
        #expect(names == ["a", "b", "c"])
    }

    @Test func anEndWhileNothingCanBeCommittedIsAFailure() throws {
        try deliver("a.json", "a")
        let run = try WatchedRun(folder)
        try run.wait(for: "committed 1 file")
        #expect(rename(folder.path("out"), folder.path("elsewhere")) == 0)
        try deliver("b.json", "b")
        try run.wait(for: "it is tried again")
        let end = run.end(SIGTERM)
        #expect(end.status == 1)
        #expect(end.said.contains("ended while nothing could be committed"))
        #expect(rename(folder.path("elsewhere"), folder.path("out")) == 0)
        let again = try WatchedRun(folder)
        try again.wait(for: "committed 1 file, 1 event kept")
        #expect(again.end(SIGTERM).status == 0)
        #expect(names == ["a", "b"])
    }

    @Test func thePipelineIsReadAgainWhereItIsTheSame() throws {
        let run = try WatchedRun(folder)
        try deliver("a.json", "a")
        try run.wait(for: "committed 1 file")
        try pipeline("workers: 1 # another number")
        run.send(SIGHUP)
        try run.wait(for: "goes on with 'p.conf' as it is now")
        try pipeline("worker: 1")
        run.send(SIGHUP)
        try run.wait(for: "'p.conf' cannot be run as it is now; mhpipe goes on with the pipeline as it was")
        try pipeline(transforms: "who: {type: identity}")
        run.send(SIGHUP)
        try run.wait(for: "'p.conf' is another pipeline now than the one whose state is kept")
        try FileManager.default.removeItem(atPath: folder.path("p.conf"))
        run.send(SIGHUP)
        try run.wait(for: "'p.conf' cannot be run as it is now")
        try deliver("b.json", "b")
        try run.wait(for: "committed 1 file, 1 event kept")
        #expect(run.end(SIGTERM).status == 0)
        #expect(names == ["a", "b"])
    }

    /// A nightly run may become a watch, and the other way round.
    @Test func theStateIsThatOfNightlyRuns() throws {
        try pipeline(watch: "watch: false")
        try deliver("a.json", "a")
        let night = try Mhpipe(folder: folder).run("run", "p.conf", "-q")
        #expect(night.status == 0, "\(night.errors)")
        try pipeline()
        try deliver("b.json", "b")
        let run = try WatchedRun(folder)
        try run.wait(for: "committed 1 file, 1 event kept")
        #expect(run.end(SIGTERM).status == 0)
        #expect(names == ["a", "b"])
    }

    @Test func whatCannotBeReadMakesTheExitCode3() throws {
        try folder.write("no log", to: "logs/a.json")
        let run = try WatchedRun(folder, ["--quarantine", "bad.jsonl"])
        try run.wait(for: "committed 1 file, 0 events kept")
        #expect(run.end(SIGTERM).status == 3)
    }

    @Test func systemdIsTold() throws {
        let socket = try NotifySocket(folder.path("n"))
        try deliver("a.json", "a")
        let run = try WatchedRun(folder, environment: ["NOTIFY_SOCKET": folder.path("n")])
        try run.wait(for: "committed 1 file")
        run.send(SIGHUP)
        try run.wait(for: "goes on with")
        #expect(run.end(SIGTERM).status == 0)
        let told = socket.messages
        #expect(told.first == "READY=1", "\(told)")
        #expect(told.contains { $0.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") }, "\(told)")
        #expect(told.count { $0 == "READY=1" } == 2, "\(told)")
        #expect(told.last == "STOPPING=1", "\(told)")
    }

    @Test(arguments: [
        ("mode: append", "mode: replace", "watches what it reads, which needs 'mode: append' and a 'state'"),
        ("sources: {", "sources: {one: {type: file, path: x.json}, ", "is read once, and source 'logs' is watched"),
        ("commit_every: 1s", "on_error: fail", "'on_error: fail' would stop a watch"),
        ("commit_every: 1s", "manifest: m.json", "a manifest is of one run"),
        ("watch: true", "watch: maybe", "needs true, false or poll"),
        ("poll_every: 1s", "poll_every: 0s", "needs at least 1s"),
    ])
    func whatCannotWatchIsRefused(old: String, new: String, message: String) throws {
        let text = String(decoding: try folder.read("p.conf"), as: UTF8.self)
        try folder.write(text.replacingOccurrences(of: old, with: new), to: "p.conf")
        let result = try Mhpipe(folder: folder).run("check", "p.conf")
        #expect(result.status == 2)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test func theExampleRuns() throws {
        let pipelines = Repository.root.appending(path: "pipelines")
        let run = try WatchedRun(
            folder,
            ["--set", "LOGS=" + pipelines.appending(path: "sample").path(percentEncoded: false), "--metrics", "0"],
            pipeline: pipelines.appending(path: "watch.conf").path(percentEncoded: false)
        )
        try run.wait(for: "committed")
        let end = run.end(SIGTERM)
        #expect(end.status == 0, "\(end.said)")
        #expect(try !folder.read("watch.jsonl").isEmpty)
    }

    @Test func keysOfAWatchWithoutOneAreSaid() throws {
        try pipeline(watch: "watch: false")
        let result = try Mhpipe(folder: folder).run("check", "p.conf")
        #expect(result.status == 0)
        #expect(result.errors.contains("'commit_every' changes nothing, since no source watches what it reads"))
    }
}

/// What a service tells systemd.
private final class NotifySocket {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = Libc.socket(AF_UNIX, datagramSocket, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        try #require(bytes.count < 100, "the path is too long for a socket")
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
    }

    deinit {
        close(descriptor)
    }

    /// All that has come by now.
    var messages: [String] {
        var messages: [String] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT)), count > 0 {
            messages.append(String(decoding: buffer[..<count], as: UTF8.self))
        }
        return messages
    }
}
