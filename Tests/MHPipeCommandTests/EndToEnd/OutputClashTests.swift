import Foundation
import MHPipeTestSupport
import Testing

/// Nothing that a run needs is an output of it, and no two outputs are one, whatever the names that lead to them.
@Suite struct OutputClashTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe
    private static let pipeline = """
        quarantine: "${QUARANTINE:-bad.jsonl}"
        sources:
          logs: {type: file, path: in.json}
        sinks:
          a: {type: jsonl, path: "${A:-a.jsonl}"}
          b: {type: csv, path: "${B:-b.csv}"}
        """

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall]), to: "in.json")
        try folder.write(Self.pipeline, to: "p.conf")
        let links = [
            ("link to input", "in.json"), ("link to pipeline", "p.conf"), ("link to nothing", "new.jsonl"),
            ("link to link", "link to nothing"), ("link to stdout", "/dev/stdout"), ("here", "."),
        ]
        for (link, target) in links {
            try FileManager.default.createSymbolicLink(atPath: folder.path(link), withDestinationPath: target)
        }
        for (name, file) in [("hard input", "in.json"), ("hard pipeline", "p.conf")] {
            try FileManager.default.linkItem(atPath: folder.path(file), toPath: folder.path(name))
        }
    }

    private static let own = ["p.conf", "./p.conf", "link to pipeline", "hard pipeline", "here/p.conf"]
    private static let input = ["in.json", "here/./in.json", "link to input", "hard input"]

    private func expectMistake(_ arguments: [String], _ message: String) throws {
        let before = try folder.read("in.json")
        let result = try mhpipe.run(arguments: arguments)
        #expect(result.status == 2, "\(arguments)")
        #expect(result.errors.contains("error: " + message), "\(arguments): \(result.errors)")
        #expect(try folder.read("in.json") == before)
        #expect(try folder.read("p.conf") == Data(Self.pipeline.utf8))
        #expect(!FileManager.default.fileExists(atPath: folder.path("b.csv")))
    }

    @Test(arguments: own, ["A", "QUARANTINE"])
    func thePipelineFileIsNoOutput(path: String, variable: String) throws {
        let user = variable == "A" ? "sink 'a'" : "the quarantine"
        for command in ["check", "run"] {
            try expectMistake(
                [command, "p.conf", "--set", "\(variable)=\(path)"],
                "\(user) would overwrite the pipeline file"
            )
        }
    }

    @Test(arguments: input, ["A", "QUARANTINE"])
    func anInputIsNoOutput(path: String, variable: String) throws {
        let user = variable == "A" ? "sink 'a'" : "the quarantine"
        try expectMistake(
            ["run", "p.conf", "--set", "\(variable)=\(path)"],
            "\(user) would overwrite the file that source 'logs' reads"
        )
    }

    @Test(arguments: own + input + ["a.jsonl", "./a.jsonl", "here/bad.jsonl"])
    func theSummaryIsNoneOfThem(path: String) throws {
        let what =
            Self.own.contains(path)
            ? "would overwrite the pipeline file"
            : Self.input.contains(path)
                ? "would overwrite the file that source 'logs' reads" : "writes the same file as"
        try expectMistake(["run", "p.conf", "--summary", path], "'--summary' \(what)")
    }

    @Test(arguments: own + input)
    func theQuarantineOfTheCommandLineIsNoneOfThem(path: String) throws {
        let what = Self.own.contains(path) ? "the pipeline file" : "the file that source 'logs' reads"
        try expectMistake(["run", "p.conf", "--quarantine", path], "the quarantine would overwrite \(what)")
    }

    @Test(
        arguments: [
            ("[./run.sh]", "run.sh"), ("[sh, run.sh]", "run.sh"), ("[sh, -e, ./run.sh, x]", "here/run.sh"),
            ("[./run.sh]", "link to run"), ("[\"link to run\"]", "run.sh"), ("[./run.sh]", "hard run"),
        ]
    )
    func theProgramOfAStageIsNoOutput(command: String, path: String) throws {
        try folder.write("#!/bin/sh\nexec cat", to: "run.sh")
        chmod(folder.path("run.sh"), 0o755)
        try FileManager.default.createSymbolicLink(atPath: folder.path("link to run"), withDestinationPath: "run.sh")
        try FileManager.default.linkItem(atPath: folder.path("run.sh"), toPath: folder.path("hard run"))
        let word = command.replacing("[\"link", with: "[\"./link")
        let text = Self.pipeline.replacing(
            "sinks:",
            with: "transforms:\n  t: {type: exec, command: \(word)}\nsinks:"
        )
        try folder.write(text, to: "exec.conf")
        for variable in ["A", "QUARANTINE"] {
            let result = try mhpipe.run("run", "exec.conf", "--set", "\(variable)=\(path)")
            #expect(result.status == 2)
            #expect(result.errors.contains("would overwrite the program that transform 't' runs"), "\(result.errors)")
        }
        #expect(try folder.read("run.sh") == Data("#!/bin/sh\nexec cat".utf8))
        #expect(try mhpipe.run("run", "exec.conf", "-q").status == 0)
    }

    @Test func aPipelineOnStandardInputIsNoOutputEither() throws {
        let result = try mhpipe.shell(#""$mhpipe" run - --set A=p.conf <p.conf"#)
        #expect(result.errors.contains("error: sink 'a' would overwrite the pipeline file"))
        #expect(result.status == 2)
    }

    @Test func eventsOnStandardInputAreNoOutputEither() throws {
        let text = Self.pipeline.replacing("path: in.json", with: "path: '-'")
        try folder.write(text, to: "stdin.conf")
        let result = try mhpipe.shell(#""$mhpipe" run stdin.conf --set A=in.json <in.json"#)
        #expect(result.errors.contains("error: sink 'a' would overwrite the file that source 'logs' reads"))
        #expect(result.status == 2)
        let other = try mhpipe.shell(#""$mhpipe" run stdin.conf -q --set A=- <in.json >>in.json"#)
        #expect(other.errors.contains("error: sink 'a' would overwrite the file that source 'logs' reads"))
        #expect(try folder.read("in.json") == Data(Trail.file([Trail.hubCall]).utf8))
    }

    @Test(
        arguments: [
            ("new.jsonl", "link to nothing"), ("link to link", "new.jsonl"), ("link to link", "here/link to nothing"),
            ("x.jsonl", "here/x.jsonl"), ("-", "-"), ("-", "/dev/stdout"), ("/dev/stdout", "-"), ("-", "/dev/fd/1"),
            ("/proc/self/fd/1", "-"), ("/dev/fd/1", "/proc/self/fd/1"), ("link to stdout", "-"),
            ("/dev/stderr", "/dev/fd/2"), ("-", "/dev/fd/../fd/1"), ("/dev/./fd//1", "-"), ("-", "//dev//stdout"),
            ("-", "/proc/self/../self/fd/1"), ("-", "/dev/fd/../../self/fd/01"), ("link to stdout", "/dev/fd/../fd/1"),
        ]
    )
    func twoOutputsAreNeverOne(first: String, second: String) throws {
        let what = first == "-" || second == "-" ? "standard output" : "the same file"
        let arguments = ["p.conf", "--set", "A=\(first)", "--set", "B=\(second)"]
        for command in ["check", "run"] {
            try expectMistake([command] + arguments, "sink 'b' writes \(what) as sink 'a' (line 5)")
        }
        // Where standard output leads makes no difference.
        let words = arguments.map { "'\($0)'" }.joined(separator: " ")
        #expect(try mhpipe.shell(#""$mhpipe" check \#(words) >/dev/null"#).status == 2)
        #expect(try mhpipe.shell(#"{ "$mhpipe" run \#(words); echo $?; } | tail -n 1"#).text == "2\n")
    }

    #if os(Linux)
    @Test(arguments: ["/proc/thread-self/fd/1", "/proc/self/task/../fd/1", "/proc/thread-self/../../fd/1"])
    func standardOutputOfAThreadIsTheSame(path: String) throws {
        for target in ["/dev/null", "out.txt"] {
            let result = try mhpipe.shell(#""$mhpipe" run p.conf --set A=- --set B=\#(path) >\#(target)"#)
            #expect(result.status == 2)
            #expect(result.errors.contains("error: sink 'b' writes standard output as sink 'a'"), "\(result.errors)")
        }
    }
    #endif

    @Test func standardOutputThatIsAnotherOutputIsOneOutput() throws {
        let result = try mhpipe.shell(#""$mhpipe" run p.conf --set A=- --set B=out.csv >out.csv"#)
        #expect(result.errors.contains("error: sink 'b' writes standard output as sink 'a' (line 5): 'out.csv'"))
        let errors = try mhpipe.shell(#""$mhpipe" run p.conf --set A=- --set B=/dev/stderr 2>&1 | cat"#)
        #expect(errors.text.contains("error: sink 'b' writes standard output as sink 'a'"))
    }

    @Test func outputsThatOnlyLookAlikeAreFine() throws {
        let result = try mhpipe.run("run", "p.conf", "-q", "--set", "A=./-", "--set", "B=/dev/null", "--summary", "-")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try folder.read("-") == Data((Trail.hubCall + "\n").utf8))
        let null = try mhpipe.shell(#""$mhpipe" run p.conf -q --set A=- --set B=/dev/null >/dev/null"#)
        #expect(null.status == 0, "\(null.errors)")
    }

    @Test(arguments: ["A", "B", "QUARANTINE"])
    func aPathHoldsNoNUL(variable: String) throws {
        let place = "\"${\(variable):-"
        let text = Self.pipeline.replacing(place, with: "\"z\\0b${\(variable):-")
        try folder.write("old", to: "z")
        try folder.write(text, to: "nul.conf")
        for command in ["check", "run"] {
            let result = try mhpipe.run(command, "nul.conf")
            #expect(result.status == 2)
            #expect(result.errors.contains(#"holds a NUL character, which no path can have"#), "\(result.errors)")
            let line = text.split(separator: "\n").firstIndex { $0.contains("\\0") }.map { $0 + 1 }
            #expect(result.errors.contains("--> nul.conf:\(line ?? 0):"))
        }
        #expect(try folder.read("z") == Data("old".utf8))
    }

    @Test func noOtherPathHoldsANULEither() throws {
        let cases = [
            #"sources: {s: {type: file, path: "in.json\0x"}}"#, #"sources: {s: {type: directory, path: ".\0x"}}"#,
            "sources: {s: {type: file, path: in.json}}\n" + #"plugins: "p.conf\0x""#,
        ]
        for text in cases {
            try folder.write(text + "\nsinks: {a: {type: jsonl, path: out/a.jsonl}}", to: "nul.conf")
            let result = try mhpipe.run("run", "nul.conf")
            #expect(result.status == 2)
            #expect(result.errors.contains("holds a NUL character, which no path can have"), "\(result.errors)")
        }
    }
}
