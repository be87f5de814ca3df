import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// Programs as the beginning and as the end of a pipeline.
@Suite(.timeLimit(.minutes(30))) struct ExecSourceAndSinkTests {
    private let stage = ExecStage()

    private func read(_ options: String) throws -> String {
        let units = try stage.make(ExecSource.self, options).units { _ in }
        #expect(units.count == 1)
        let stream = try #require(units.first).open()
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1000)
        while case let count = try buffer.withUnsafeMutableBytes({ try stream.read(into: $0) }), count > 0 {
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func aSourceReadsAllThatAProgramWrites() throws {
        #expect(
            try read(ExecStage.shell("i=0; while [ $i -lt 500 ]; do echo '{\"n\":'$i'}'; i=$((i+1)); done")).split(
                separator: "\n"
            ).count == 500
        )
        #expect(try read("command: 'true'") == "")
    }

    @Test func aSourceIsToldItsOptions() throws {
        let script = #"""
            echo '["hello",{"protocol":1,"kind":"source","name":"s","options":{"days":{"type":"integer"}}}]'; \#
            IFS= read -r start; echo '["ok"]'; echo "$start"
            """#
        let text = try read(ExecStage.shell(script, "protocol: handshake\noptions: {days: 7}"))
        #expect(text == #"["start",{"kind":"source","stage":"x","options":{"days":7}}]"# + "\n")
    }

    @Test(
        arguments: [
            (
                "echo '{}'; echo 'no network' >&2; exit 4", "ended with status 4 before its output was whole",
                "its last line on standard error: no network"
            ),
            ("echo '{}'; exit 4", "ended with status 4 before its output was whole", nil),
            (
                "echo '{}'; sleep 1000", "has written nothing, for 1 seconds",
                "give it more time with `timeout`, or see where it waits; a program must flush what it answers"
            ),
            (
                "echo '{}'; exec >&-; sleep 1000", "has closed its standard output and does not end",
                "see what it waits for"
            ),
        ] as [(String, String, String?)]
    )
    func aSourceThatFailsIsAProblemOfItsUnit(script: String, message: String, advice: String?) throws {
        let error = #expect(throws: StageError.self) { try read(ExecStage.shell(script, "timeout: 1\nrestarts: 0")) }
        #expect(error?.message == message)
        #expect(error?.advice == advice)
        #expect(error?.endsRun == false)
    }

    @Test(arguments: [
        ("exit 4", "ended with status 4 before its output was whole"),
        ("sleep 1000", "has written nothing, for 1 seconds"),
        (": >&-; exec >&-; sleep 1000", "has closed its standard output and does not end"),
    ])
    func aSourceThatGivesNothingAndFailsEndsTheRun(script: String, message: String) throws {
        let error = #expect(throws: StageError.self) { try read(ExecStage.shell(script, "timeout: 1\nrestarts: 0")) }
        #expect(error?.message == "source 'x': 'sh -c \(script)' \(message)")
        #expect(error?.endsRun == true)
    }

    @Test func aSourceThatFailsBeforeItsFirstByteIsStartedAgain() throws {
        let folder = try TemporaryDirectory()
        let script = "if [ -e \"$0\" ]; then echo '{}'; else : >\"$0\"; exit 1; fi"
        let text = try read("command: [sh, -c, \(ExecStage.quoted(script)), \(ExecStage.quoted(folder.path("seen")))]")
        #expect(text == "{}\n")
        #expect(stage.warnings.map { $0.hasSuffix("; starting it again (1 of 3)") } == [true])
    }

    // MARK: - Sinks

    private func write(_ sink: inout ExecSink, _ lines: [String]) throws {
        try Array((lines.joined(separator: "\n") + "\n").utf8).withUnsafeBufferPointer { try sink.write($0) }
    }

    @Test func aSinkWithoutAHandshakeReadsLines() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("out")
        var sink = try stage.make(
            ExecSink.self,
            "command: [sh, -c, 'cat >\"$0\"; echo done', \(ExecStage.quoted(path))]"
        )
        try sink.open()
        try write(&sink, ["{}", "[]"])
        try sink.finish()
        try sink.commit()
        #expect(String(decoding: try folder.read("out"), as: UTF8.self) == "{}\n[]\n")
        #expect(stage.relayed == ["done"])
    }

    private static let hello =
        #"echo '["hello",{"protocol":1,"kind":"sink","name":"x"}]'; IFS= read -r start; echo '["ok"]'; "#

    @Test(arguments: [
        ("exit 3", "", "ended with status 3 "), ("head -1 >/dev/null; exit 3", "", "ended with status 3 "),
        ("cat >/dev/null; echo full >&2; exit 1", "", "ended with status 1 after the last event"),
        ("cat >/dev/null; sleep 1000", "", "does not end after the last event, for 1 seconds"),
        ("sleep 1000", "", "takes no input, for 1 seconds"),
        (
            hello + "cat >/dev/null", "protocol: handshake",
            "has been silent, where its answer to a batch was due, for 1 seconds"
        ),
        (
            hello + #"while IFS= read -r l; do [ -z "$l" ] && echo '["ok",1]'; done"#, "protocol: handshake",
            "acknowledges 1 events of a batch of 2"
        ),
        (
            hello + #"while IFS= read -r l; do [ -z "$l" ] && echo '["ok"]'; done"#, "protocol: handshake",
            "acknowledges no number of events of a batch of 2"
        ),
        (
            hello + #"IFS= read -r l; echo '["error","the disk is full"]'"#, "protocol: handshake",
            "says: the disk is full"
        ),
        (hello + "IFS= read -r l; exit 6", "protocol: handshake", "ended with status 6 "),
        (
            hello
                + #"n=0; while IFS= read -r l; do case $l in '') echo "[\"ok\",$n]"; n=0;; '["finish"]') echo '["error","cannot sync"]';; *) n=$((n+1));; esac; done"#,
            "protocol: handshake\ntimeout: 60", "says: cannot sync"
        ),
    ])
    func aSinkThatFailsFailsTheRun(script: String, more: String, message: String) throws {
        var sink = try stage.make(
            ExecSink.self,
            ExecStage.shell(script, more.contains("timeout") ? more : more + "\ntimeout: 1")
        )
        try sink.open()
        // More than all pipes and buffers between hold, so that a program which reads nothing is noticed.
        let text = String(repeating: "x", count: 1 << 20)
        let error = #expect(throws: StageError.self) {
            for _ in 0..<4 { try write(&sink, ["{\"a\":\"\(text)\"}", "{}"]) }
            try sink.finish()
        }
        sink.abort()
        #expect(error?.message.contains("' " + message) ?? false, "\(error?.message ?? "")")
    }

    @Test(arguments: ["exit 0", "read -r line", "exec <&-; echo done"])
    func aSinkThatDoesNotReadItsInputFailsTheRun(script: String) throws {
        var sink = try stage.make(ExecSink.self, ExecStage.shell(script))
        try sink.open()
        let error = #expect(throws: StageError.self) {
            // Small enough for the pipe, so that nothing fails on the way where the program is slow to end.
            try write(&sink, ["{\"a\":1}", "{}"])
            try sink.finish()
        }
        sink.abort()
        #expect(error?.message.contains("' ended with status 0 before ") == true)
    }

    @Test func aSinkThatClosesItsInputFailsTheRun() throws {
        var sink = try stage.make(ExecSink.self, ExecStage.shell("exec <&-; sleep 1000"))
        try sink.open()
        let error = #expect(throws: StageError.self) {
            while true { try write(&sink, ["{\"a\":1}", "{}"]) }
        }
        sink.abort()
        #expect(error?.message.hasSuffix("' closed its standard input before the input did") == true)
    }

    @Test func aSinkMayCloseItsOutput() throws {
        let folder = try TemporaryDirectory()
        let script = "exec cat >\"$0\""
        var sink = try stage.make(
            ExecSink.self,
            "command: [sh, -c, \(ExecStage.quoted(script)), \(ExecStage.quoted(folder.path("out")))]"
        )
        try sink.open()
        let text = String(repeating: "x", count: 1 << 20)
        for _ in 0..<4 { try write(&sink, [text]) }
        try sink.finish()
        try sink.commit()
        #expect(try folder.read("out").count == 4 * (text.utf8.count + 1))
    }

    @Test func anAbortedSinkDoesNotTakeTheEndOfItsInputForTheEndOfTheEvents() throws {
        let folder = try TemporaryDirectory()
        let script = "cat >/dev/null; : >\"$0\""
        var sink = try stage.make(
            ExecSink.self,
            "command: [sh, -c, \(ExecStage.quoted(script)), \(ExecStage.quoted(folder.path("out")))]"
        )
        try sink.open()
        try write(&sink, ["{}"])
        sink.abort()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")).isEmpty)
    }

    @Test func anAbortedSinkLeavesNothing() throws {
        let folder = try TemporaryDirectory()
        let program = Repository.root.appending(path: "Plugins/Exec/keep_file.sh").path(percentEncoded: false)
        let command =
            "command: [\(ExecStage.quoted(program)), \(ExecStage.quoted(folder.path("out")))]\nprotocol: handshake"
        var sink = try stage.make(ExecSink.self, command)
        try sink.open()
        try write(&sink, ["{}"])
        try sink.finish()
        sink.abort()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")).isEmpty)
        sink = try stage.make(ExecSink.self, command)
        try sink.open()
        try write(&sink, ["{}"])
        try sink.finish()
        try sink.commit()
        #expect(String(decoding: try folder.read("out"), as: UTF8.self) == "{}\n")
    }
}
