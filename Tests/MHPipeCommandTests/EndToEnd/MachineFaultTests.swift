import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// A machine that runs out, or whose disk fails, is not taken for bad input: the run fails, and the old output stays.
@Suite(.timeLimit(.minutes(30))) struct MachineFaultTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall]), to: "logs/a.json")
        try folder.write(Trail.hubCallInGzip, to: "logs/sub/broken.json.gz")
        try folder.write("OLD\n", to: "out.jsonl")
        let pipelines = [
            "file": "{type: file, path: [logs/a.json, logs/sub/broken.json.gz]}",
            "alone": "{type: file, path: logs/sub/broken.json.gz}",
            "folder": "{type: directory, path: logs}",
            "pattern": "{type: directory, path: logs, include: ['**/broken*']}",
        ]
        try folder.write(
            "on_damage: drop\nsources: {s: \(pipelines["folder"] ?? "")}\nsinks: {o: {type: jsonl, path: out.jsonl}}\n",
            to: "drop.conf"
        )
        for (name, source) in pipelines {
            try folder.write(
                "sources: {s: \(source)}\nsinks: {o: {type: jsonl, path: out.jsonl}}\n",
                to: "\(name).conf"
            )
        }
    }

    /// Every way by which files come into a run.
    static let ways = [
        ["run", "file.conf"], ["run", "alone.conf"], ["run", "folder.conf"], ["run", "pattern.conf"],
        ["run", "drop.conf"],
        ["convert", "--force", "logs", "out.jsonl"],
        ["convert", "--force", "logs/a.json", "logs/sub/broken.json.gz", "out.jsonl"],
    ]

    private func expectFailure(
        _ result: Mhpipe.Result,
        _ reasons: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    )
        throws
    {
        #expect(result.status == 1, "\(result.errors)", sourceLocation: sourceLocation)
        for reason in reasons {
            #expect(result.errors.contains(reason), "\(result.errors)", sourceLocation: sourceLocation)
        }
        #expect(try folder.read("out.jsonl") == Data("OLD\n".utf8), sourceLocation: sourceLocation)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        #expect(!names.contains { $0.hasPrefix(".") }, "\(names)", sourceLocation: sourceLocation)
    }

    struct Fault: CustomTestStringConvertible {
        let call: FaultLibrary.Call
        let number: Int32
        var testDescription: String { "\(call) \(String(cString: strerror(number)))" }
    }

    static let faults = [
        Fault(call: .open, number: EMFILE), Fault(call: .open, number: ENFILE), Fault(call: .open, number: EIO),
        Fault(call: .open, number: ESTALE), Fault(call: .open, number: ENOMEM), Fault(call: .open, number: ETIMEDOUT),
        Fault(call: .read, number: EIO), Fault(call: .read, number: ESTALE), Fault(call: .read, number: ENOMEM),
        Fault(call: .stat, number: EIO), Fault(call: .stat, number: ESTALE), Fault(call: .stat, number: ENOMEM),
    ]

    @Test(arguments: faults)
    func aFaultOfTheMachineEndsTheRun(fault: Fault) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        for way in Self.ways {
            let environment = library.environment(fault.call, fault.number, on: "broken")
            let result = try mhpipe.run(arguments: way + ["-q"], environment: environment)
            try expectFailure(result, "broken.json.gz", String(cString: strerror(fault.number)), "\n  ")
        }
    }

    @Test(arguments: [FaultLibrary.Call.opendir, .readdir], [EMFILE, EIO, ESTALE, ENOMEM])
    func aFolderThatTheMachineCannotListEndsTheRun(call: FaultLibrary.Call, number: Int32) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        for part in ["logs", "sub"] {
            let environment = library.environment(call, number, on: part)
            let result = try mhpipe.run(arguments: ["run", "folder.conf", "-q"], environment: environment)
            try expectFailure(result, part, String(cString: strerror(number)), "\n  ")
        }
    }

    @Test func aFaultInTheMiddleOfAFileEndsTheRun() throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        let lines = String(repeating: Trail.hubCall + "\n", count: 20_000)
        try folder.write(lines, to: "long/broken.jsonl")
        try folder.write(
            "sources: {s: {type: directory, path: long}}\nsinks: {o: {type: jsonl, path: out.jsonl}}\n",
            to: "l.conf"
        )
        let environment = library.environment(.read, EIO, on: "broken", after: 3)
        try expectFailure(
            try mhpipe.run(arguments: ["run", "l.conf", "-q"], environment: environment),
            "cannot read 'long/broken.jsonl': Input/output error"
        )
        let standardInput = library.environment(.read, EIO, on: "stdin", after: 3)
        try expectFailure(
            try mhpipe.run("convert", "-q", "--force", "-", "out.jsonl", input: lines, environment: standardInput),
            "cannot read standard input: Input/output error"
        )
    }

    /// What is wrong with an input is its own fault, and the others are read.
    @Test(arguments: [FaultLibrary.Call.open, .stat], [ENOENT, EACCES, EPERM, ELOOP, ENXIO])
    func aBadInputIsReported(call: FaultLibrary.Call, number: Int32) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        let environment = library.environment(call, number, on: "broken")
        for pipeline in ["file.conf", "folder.conf"] {
            let result = try mhpipe.run(arguments: ["run", pipeline, "-q"], environment: environment)
            #expect(result.status == 3, "\(result.errors)")
            #expect(result.errors.contains(String(cString: strerror(number))), "\(result.errors)")
            #expect(try folder.read("out.jsonl") == Data((Trail.hubCall + "\n").utf8))
        }
    }

    /// From the number that lets the program start up to the one that is enough, nothing is left out in silence.
    @Test(arguments: 4...16)
    func fewDescriptorsEndTheRunOrAreEnough(limit: Int) throws {
        let result = try mhpipe.shell(#"ulimit -n \#(limit); "$mhpipe" run folder.conf -q --workers 4"#)
        guard result.status != 0 else {
            #expect(try folder.read("out.jsonl") == Data((Trail.hubCall + "\n" + Trail.hubCall + "\n").utf8))
            return
        }
        try expectFailure(result, "Too many open files", "ulimit -n")
    }

    /// What a check needs to look at is no mistake of the pipeline's when the machine does not let it.
    @Test(arguments: [EMFILE, EIO, ENOMEM, ESTALE])
    func aFaultInACheckIsNoMistake(number: Int32) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        try folder.write("no library", to: "broken.so")
        try folder.write("SQLite format 3\0", to: "broken.db")
        let source = "sources: {s: {type: file, path: logs/a.json}}\n"
        let sink = "sinks: {o: {type: jsonl, path: out.jsonl}}\n"
        try folder.write("plugins: broken.so\n" + source + sink, to: "library.conf")
        try folder.write(source + "sinks: {o: {type: sqlite, path: broken.db}}\n", to: "database.conf")
        for pipeline in ["library.conf", "database.conf"] {
            for command in ["check", "run"] {
                let result = try mhpipe.run(
                    arguments: [command, pipeline],
                    environment: library.environment(.open, number, on: "broken")
                )
                try expectFailure(result, "broken", String(cString: strerror(number)), "   = ")
                #expect(try mhpipe.run(command, pipeline).status == 2)
            }
        }
        let option = try mhpipe.run(
            arguments: ["check", "file.conf", "--plugin", "broken.so"],
            environment: library.environment(.open, number, on: "broken")
        )
        try expectFailure(option, "broken.so", String(cString: strerror(number)))
        // A mistake is one on any machine.
        try folder.write("plugins: broken.so\nworkers: none\n" + source + sink, to: "both.conf")
        let both = try mhpipe.run(
            arguments: ["check", "library.conf", "both.conf", "database.conf"],
            environment: library.environment(.open, number, on: "broken")
        )
        #expect(both.status == 2)
    }

    /// The table of a lookup is read while the pipeline is checked.
    @Test(arguments: [FaultLibrary.Call.open, .stat, .read], [EMFILE, EIO, ESTALE])
    func aTableThatCannotBeReadIsNoMistake(call: FaultLibrary.Call, number: Int32) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        try folder.write("id,name\n1,x\n", to: "broken.csv")
        try folder.write(
            "sources: {s: {type: file, path: logs/a.json}}\n"
                + "transforms: {l: {type: lookup, table: broken.csv, field: eventName, as: x}}\n"
                + "sinks: {o: {type: jsonl, path: out.jsonl}}\n",
            to: "lookup.conf"
        )
        for command in ["check", "run"] {
            let result = try mhpipe.run(
                arguments: [command, "lookup.conf"],
                environment: library.environment(call, number, on: "broken")
            )
            try expectFailure(result, "broken.csv", String(cString: strerror(number)), "   = ")
        }
        #expect(unlink(folder.path("broken.csv")) == 0)
        #expect(try mhpipe.run("check", "lookup.conf").status == 2)
    }

    @Test(arguments: ["broken.jsonl", "broken/{eventName}.jsonl"], [EIO, ESTALE])
    func anOutputThatCannotBeLookedAtIsNoMistake(path: String, number: Int32) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        let sink = "sinks: {o: {type: jsonl, path: '\(path)'}}\n"
        try folder.write("sources: {s: {type: file, path: logs/a.json}}\n" + sink, to: "p.conf")
        for command in ["check", "run"] {
            let result = try mhpipe.run(
                arguments: [command, "p.conf"],
                environment: library.environment(.stat, number, on: "broken")
            )
            try expectFailure(result, "broken", String(cString: strerror(number)))
        }
    }

    /// A program that the machine does not start is no mistake either, with a handshake and without.
    @Test(arguments: 8...24)
    func fewDescriptorsStartNoProgramOrAreEnough(limit: Int) throws {
        let script = #"while IFS= read -r line; do printf '%s\n' "$line"; done"#
        try folder.write(
            "sources: {s: {type: file, path: logs/a.json}}\ntransforms: {t: {type: exec, command: [sh, -c, '\(script.replacing("'", with: "''"))']}}\n"
                + "sinks: {o: {type: jsonl, path: out.jsonl}}\n",
            to: "exec.conf"
        )
        let result = try mhpipe.shell(#"ulimit -n \#(limit); timeout -k 1 60 "$mhpipe" run exec.conf -q --workers 1"#)
        guard result.status != 0 else {
            #expect(try folder.read("out.jsonl") == Data((Trail.hubCall + "\n").utf8))
            return
        }
        try expectFailure(result, "Too many open files", "ulimit -n")
    }

    @Test(arguments: [EAGAIN, ENOMEM, EMFILE], ["lines", "handshake"])
    func aProgramForWhichThereIsNoProcessFailsTheRun(number: Int32, conversation: String) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        try folder.write("#!/bin/sh\n", to: "program.sh")
        #expect(chmod(folder.path("program.sh"), 0o755) == 0)
        try folder.write(
            "sources: {s: {type: file, path: logs/a.json}}\n"
                + "transforms: {t: {type: exec, protocol: \(conversation), command: [./program.sh]}}\n"
                + "sinks: {o: {type: jsonl, path: out.jsonl}}\n",
            to: "exec.conf"
        )
        let environment = library.environment(.posix_spawn, number, on: "program")
        // Without a handshake a check starts no program.
        for command in conversation == "lines" ? ["run"] : ["check", "run"] {
            let result = try mhpipe.run(arguments: [command, "exec.conf"], environment: environment)
            try expectFailure(result, "program.sh", "cannot be started", String(cString: strerror(number)))
        }
    }

    /// A limit on the size of files is no end of the process.
    @Test(arguments: ["out.jsonl", "out.csv", "out.db"])
    func aFileThatMayNotGrowFailsTheRun(output: String) throws {
        let lines = String(repeating: Trail.hubCall + "\n", count: 2000)
        try folder.write(lines, to: "long/a.jsonl")
        let result = try mhpipe.shell(#"ulimit -f 64; "$mhpipe" convert --force long \#(output)"#)
        try expectFailure(result, output)
        let counted = try mhpipe.shell(
            #"ulimit -f 0; "$mhpipe" convert --force -q logs/a.json out.csv --summary s.json"#
        )
        try expectFailure(counted)
    }

    /// No thread can be made, or too few.
    @Test(arguments: [1, 2, 5, 9])
    func fewThreadsEndTheRun(limit: Int) throws {
        guard ExternalProgram("prlimit") != nil, ExternalProgram("setpriv") != nil, geteuid() == 0 else { return }
        #expect(chmod(folder.path(""), 0o777) == 0 && chmod(folder.path("out.jsonl"), 0o666) == 0)
        let identity = "setpriv --reuid=\(Self.user) --clear-groups"
        for arguments in ["convert --force logs/a.json out.jsonl", "run folder.conf"] {
            let run = #""$mhpipe" \#(arguments) -q --workers 4"#
            let result = try mhpipe.shell("timeout -k 1 30 \(identity) prlimit --nproc=\(limit) \(run)")
            try expectFailure(result, "cannot make a thread", "Resource temporarily unavailable", "ulimit -u")
        }
    }

    /// A user that surely runs nothing else.
    private static let user = 48_213

    @Test(arguments: [150, 250, 350])
    func memoryForTooFewThreadsEndsTheRun(megabytes: Int) throws {
        guard ExternalProgram("prlimit") != nil else { return }
        let run = #""$mhpipe" convert --force -q --workers 64 logs/a.json out.jsonl"#
        let result = try mhpipe.shell("timeout -k 1 30 prlimit --as=\(megabytes)000000 \(run)")
        try expectFailure(result, "cannot make a thread", "ulimit -v")
    }
}
