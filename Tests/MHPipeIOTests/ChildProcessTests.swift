import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeIO

/// Programs beside this one: starting them, talking, and the end of them.
@Suite(.timeLimit(.minutes(30))) struct ChildProcessTests {
    private func shell(_ script: String) throws -> ChildProcess {
        try ChildProcess(path: "/bin/sh", arguments: ["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"])
    }

    /// All that a child writes to a stream until it closes it.
    private func text(_ child: ChildProcess, _ stream: ChildProcess.Stream) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while child.isOpen(stream) {
            _ = child.poll(wantsInput: false, milliseconds: 1000)
            let count = buffer.withUnsafeMutableBytes { child.read(stream, into: $0) }
            bytes += buffer.prefix(count ?? 0)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func aChildReadsAndWrites() throws {
        let child = try shell("read line; echo \"got $line\"; echo no >&2; exit 7")
        let written = Array("text\n".utf8).withUnsafeBytes { child.write($0) }
        #expect(written == 5)
        #expect(text(child, .output) == "got text\n")
        #expect(text(child, .errors) == "no\n")
        #expect(child.wait(milliseconds: 10_000) == .status(7))
        #expect(child.wait(milliseconds: 0) == .status(7))
    }

    @Test func theEndOfTheInputIsSeen() throws {
        let child = try shell("cat; echo end")
        child.closeInput()
        #expect(text(child, .output) == "end\n")
        #expect(child.wait(milliseconds: 10_000) == .status(0))
    }

    @Test func aChildInheritsNoPipeOfAnother() throws {
        let first = try shell("cat")
        let second = try shell("cat")
        first.closeInput()
        // Were the input of the first open in the second, this would wait for ever.
        #expect(text(first, .output) == "")
        #expect(first.wait(milliseconds: 10_000) == .status(0))
        second.closeInput()
        #expect(text(second, .output) == "")
    }

    @Test func aWriteToAChildThatWentAwayIsNoSignal() throws {
        let child = try shell("exec <&-; echo closed; cat /dev/zero | head -c 1 >/dev/null")
        #expect(text(child, .output) == "closed\n")
        var written: Int? = 0
        while written != nil { written = Array("x".utf8).withUnsafeBytes { child.write($0) } }
        #expect(!child.hasInput)
    }

    @Test func aChildIsInAGroupOfItsOwnWhichIsEndedAsAWhole() throws {
        let child = try shell("sleep 1000 & echo started; wait")
        var buffer = [UInt8](repeating: 0, count: 16)
        while buffer.withUnsafeMutableBytes({ child.read(.output, into: $0) }) == 0 {
            _ = child.poll(wantsInput: false, milliseconds: 1000)
        }
        child.terminate()
        #expect(child.wait(milliseconds: 10_000) == .signal(SIGTERM))
        // The grandchild held the output open; its end is that of the output.
        #expect(text(child, .output) == "")
    }

    /// What a child says first, as a number of a process.
    private func process(_ child: ChildProcess) throws -> pid_t {
        var buffer = [UInt8](repeating: 0, count: 16)
        var count: Int? = 0
        while count == 0 {
            _ = child.poll(wantsInput: false, milliseconds: 1000)
            count = buffer.withUnsafeMutableBytes { child.read(.output, into: $0) }
        }
        return try #require(pid_t(String(decoding: buffer.prefix((count ?? 1) - 1), as: UTF8.self)))
    }

    /// What a child left behind when it ended, and what it has started when it is let go of.
    @Test(arguments: ["exit 0", "exit 3", "wait"]) func whatAChildHasStartedIsEndedWithIt(end: String) throws {
        let stubborn: pid_t
        do {
            let child = try shell(
                "sh -c 'trap \"\" TERM; echo $$; exec >&- 2>&-; while :; do sleep 1000; done' & \(end)"
            )
            stubborn = try process(child)
            if end != "wait" { #expect(child.wait(milliseconds: 10_000) == .status(end == "exit 0" ? 0 : 3)) }
            #expect(kill(stubborn, 0) == 0)
        }
        #expect(!isRunning(stubborn))
    }

    /// True unless a process is gone, or nobody but its parent could tell that it is not.
    private func isRunning(_ process: pid_t) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
            return kill(process, 0) == 0
        }
        return status.split(separator: ")").last?.first { $0 != " " } != "Z"
    }

    @Test func whatAChildHasTakenOfItsInputIsKnown() throws {
        let child = try shell("head -c 3 >/dev/null; echo taken; cat >/dev/null")
        #expect(!child.hasTaken)
        #expect(Array("12345".utf8).withUnsafeBytes { child.write($0) } == 5)
        #expect(text(try shell("echo other"), .output) == "other\n")
        var buffer = [UInt8](repeating: 0, count: 16)
        while buffer.withUnsafeMutableBytes({ child.read(.output, into: $0) }) == 0 {
            _ = child.poll(wantsInput: false, milliseconds: 1000)
        }
        #expect(child.hasTaken)
        child.closeInput()
        #expect(child.wait(milliseconds: 10_000) == .status(0))
        #expect(child.hasTaken)
        #expect(child.bytesUntaken == 0)
        let idle = try shell("exec sleep 1000")
        _ = Array("12345".utf8).withUnsafeBytes { idle.write($0) }
        idle.terminate()
        #expect(idle.wait(milliseconds: 10_000) == .signal(SIGTERM))
        #expect(!idle.hasTaken)
        idle.closeInput()
        #expect(!idle.hasTaken)
        #expect(idle.bytesUntaken == 5)
    }

    @Test func aChildThatIsLetGoOfIsGone() throws {
        let stubborn = try process(shell("trap '' TERM; echo $$; while :; do sleep 1000; done"))
        #expect(kill(stubborn, 0) == -1)
        #expect(errno == ESRCH)
    }

    @Test func signalsAreAsTheyAreByDefault() throws {
        let child = try shell("kill -PIPE $$; echo alive")
        #expect(text(child, .output) == "")
        #expect(child.wait(milliseconds: 10_000) == .signal(SIGPIPE))
        #expect(ProgramExit.signal(SIGKILL).description == "was ended by signal 9 (Killed)")
    }

    @Test func aProgramIsFoundInPath() throws {
        let folder = try TemporaryDirectory()
        try folder.write("#!/bin/sh\n", to: "bin/tool")
        try folder.write("#!/bin/sh\n", to: "other/tool")
        let path = folder.path("bin") + ":" + folder.path("other") + ":/nowhere"
        #expect(throws: ProgramFailure.self) { try ProgramPath.find("tool", path: path) }
        let permissions = [FileAttributeKey.posixPermissions: 0o755]
        try FileManager.default.setAttributes(permissions, ofItemAtPath: folder.path("other/tool"))
        #expect(try ProgramPath.find("tool", path: path) == folder.path("other/tool"))
        #expect(try ProgramPath.find("/bin/sh", path: "") == "/bin/sh")
    }

    @Test(arguments: [
        ("no_such_program", "there is no such program in PATH"), ("", "its name is empty"),
        ("/bin", "'/bin' is a folder"),
        ("/nowhere/x", "'/nowhere/x': No such file or directory"),
    ])
    func aProgramThatIsNotThereIsNamed(name: String, reason: String) {
        #expect { try ProgramPath.find(name, path: "/usr/bin:/bin") } throws: {
            ($0 as? ProgramFailure)?.reason == reason
        }
    }

    @Test func aProgramThatIsBeingWrittenIsNamed() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("#!/bin/sh\n", to: "script")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        let writer = try FileHandle(forWritingTo: URL(filePath: path))
        #expect { try ChildProcess(path: path, arguments: [path], environment: [:]) } throws: {
            ($0 as? ProgramFailure)?.reason == "'\(path)' cannot be started: somebody is writing to it"
        }
        try writer.close()
    }

    @Test(arguments: [
        ("#!/no/interpreter\n", "the interpreter that its first line names is not"),
        ("just text\n", "is neither a program of this machine nor a script"),
    ])
    func aFileThatIsNoProgramIsNamed(text: String, reason: String) throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(text, to: "script")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        #expect { try ChildProcess(path: path, arguments: [path], environment: [:]) } throws: {
            ($0 as? ProgramFailure)?.reason.contains(reason) ?? false
        }
    }

    @Test(arguments: [
        ("#!/bin/sh\n", true), ("#! /bin/sh -e\n", true), ("#!/usr/bin/env no_such_program\n", true), ("#!", true),
        ("", true), ("text\n", true), ("#!/no/interpreter\n", false), ("#!/no/interpreter", false),
        ("#! \t/no/interpreter -u\n", false), ("#!/bin\n/sh", true), ("#!/bin/sh\r\n", false),
    ])
    func aScriptNeedsItsInterpreter(text: String, isFound: Bool) throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(text, to: "script")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        let found = Result { () throws(ProgramFailure) in try ProgramPath.find(path, path: "") }
        #expect((try? found.get() == path) ?? false == isFound)
    }
}
