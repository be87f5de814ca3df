import Foundation
import MHPipeTestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What becomes of programs when mhpipe gets a signal twice: none is left, and a sink with a handshake cleans up.
@Suite(.timeLimit(.minutes(30))) struct ExecInterruptTests {
    @Test func theSecondSignalEndsThePrograms() throws {
        let folder = try TemporaryDirectory()
        #expect(mkfifo(folder.path("ready"), 0o600) == 0)
        try folder.write("trap '' TERM INT; echo $$ >>pids; : >ready; while :; do sleep 1000; done", to: "source.sh")
        try FileManager.default.copyItem(
            at: Repository.root.appending(path: "Plugins/Exec/keep_file.sh"),
            to: folder.url.appending(path: "keep_file.sh")
        )
        try folder.write(
            """
            sources: {x: {type: exec, command: [sh, source.sh]}}
            sinks:
              kept: {type: exec, command: [./keep_file.sh, kept.jsonl], protocol: handshake}
            """,
            to: "test.conf"
        )
        let process = try Mhpipe(folder: folder).process(["run", "test.conf", "--quiet"])
        let messages = Pipe()
        process.standardError = messages
        try process.run()
        // The program opens it when it runs.
        _ = try FileHandle(forReadingFrom: folder.url.appending(path: "ready")).readToEnd()
        kill(process.processIdentifier, SIGTERM)
        // The answer to the first; by the second the run may have ended.
        _ = messages.fileHandleForReading.availableData
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        let number = try #require(pid_t(String(decoding: folder.read("pids").dropLast(), as: UTF8.self)))
        let status = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
        #expect(kill(number, 0) != 0 || status?.split(separator: ")").last?.first { $0 != " " } == "Z")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        #expect(files.filter { $0.hasPrefix(".") } == [])
    }
}
