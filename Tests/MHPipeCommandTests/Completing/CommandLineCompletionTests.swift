import MHPipeBuiltins
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// What shells are told can be typed.
@Suite struct CommandLineCompletionTests {
    private static let pipeline = """
        sources:
          logs:
            type: directory
            path: ${LOGS}/AWSLogs
        transforms:
          hub:
            type: migration_hub
        sinks:
          audit:
            type: csv
            path: ${OUT:-out}.csv
          "$(reboot)":
            type: jsonl
            path: x.jsonl
        """

    private func complete(_ words: [String]) -> CommandLineCompletion {
        CommandLineCompletion(words, plugins: .builtin)
    }

    private func values(_ words: String...) -> [String] { complete(words).candidates.map(\.value) }

    @Test(arguments: [
        (["ru"], ["run"]),
        (["st"], ["stats"]),
        (["--v"], ["--version"]),
        (["help", "conv"], ["convert"]),
        (["--help", "plugin", ""], ["new", "build", "test", "stamp"]),
        (["plugin", "b"], ["build"]),
        (["run", "--qu"], ["--quarantine", "--quiet"]),
        (["run", "a.conf", "--quiet", "--qu"], ["--quarantine"]),
        (["run", "-q", "--qu"], ["--quarantine"]),
        (["run", "--set", "A=1", "--se"], ["--set"]),
        (["run", "--on-error", ""], ["continue", "fail"]),
        (["run", "--on-error", "f"], ["fail"]),
        (["run", "--on-error=f"], ["fail"]),
        (["run", "--mode", ""], ["replace", "append"]),
        (["plugins", "sql"], ["sqlite"]),
        (["completions", ""], ["bash", "zsh", "fish"]),
        (["nothing", ""], []),
        (["run", "--no-such=", ""], []),
        // `--` ends the options.
        (["run", "--", "--qu"], []),
    ])
    func wordsAreOffered(words: [String], values: [String]) {
        #expect(complete(words).candidates.map(\.value) == values)
    }

    @Test func everyCommandAndOptionIsOffered() {
        let firstWords = values("")
        #expect(Set(firstWords) == Set(CommandList.firstWords + ["help", "version"]))
        func expectOptions<C: Command>(_ command: C.Type) {
            let words = C.name.split(separator: " ").map(String.init) + ["--"]
            let offered = complete(words).candidates
            let declared = C.parameters.map(\.description).filter { $0.count == nil }.map { "--\($0.name)" }
            #expect(offered.map(\.value) == declared + ["--help"])
            #expect(offered.allSatisfy { !$0.help.isEmpty && !$0.help.hasSuffix(".") })
        }
        for command in CommandList.all { expectOptions(command) }
    }

    @Test func everyPluginIsOfferedOnce() {
        let offered = values("plugins", "")
        #expect(Set(offered) == Set(CommandLineCompletionTests.pluginNames))
        #expect(offered.count == Set(offered).count)
    }

    private static let pluginNames = CommandRun(["plugins"], plugins: .builtin).output.split(separator: "\n")
        .filter { $0.hasPrefix("  ") }.map { String($0.dropFirst(2).prefix { $0 != " " }) }

    @Test(arguments: [
        (["run", ""], "files"), (["convert", "a", "b", ""], "files"), (["check", "a", ""], "files"),
        (["run", "--quarantine", ""], "files"), (["run", "--state", ""], "folders"),
        (["run", "--state="], "folders"), (["plugins", "--reference", ""], "folders"),
        (["run", "a", "--set", "LOGS="], "files"), (["plugin", "new", ""], "none"), (["run", "--workers", ""], "none"),
    ])
    func pathsAreLeftToTheShell(words: [String], paths: String) {
        #expect(complete(words).paths.rawValue == paths)
    }

    /// What names a file in help is completed as one.
    @Test func everyFileIsCompleted() {
        func expectPaths<C: Command>(_ command: C.Type) {
            for description in C.parameters.map(\.description) {
                let name = description.valueName ?? description.name
                guard ["FILE", "PATH", "INPUT", "OUTPUT", "DIR", "FOLDER"].contains(name) else { continue }
                #expect([.files, .folders].contains(description.completion), "\(C.name) \(description.shown)")
            }
        }
        for command in CommandList.all { expectPaths(command) }
    }

    @Test func placesOfThePipelineAreOffered() throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write(Self.pipeline, to: "a b.conf")
        #expect(
            values("run", file, "--set", "") == ["LOGS=", "OUT=", "sources.", "transforms.", "sinks."]
        )
        #expect(values("run", "--set", "X=1", file, "--set", "L") == ["LOGS="])
        // A name on which a shell would act is left out.
        #expect(values("run", file, "--set", "sinks.") == ["sinks.audit."])
        #expect(values("check", "x.conf", file, "--set=sinks.audit.hea") == ["sinks.audit.header="])
        #expect(complete(["check", file, "--set=sinks.audit.pa"]).kept == "--set=")
        #expect(complete(["run", file, "--set=sinks.audit.path=x"]).kept == "--set=sinks.audit.path=")
        #expect(values("run", folder.path("missing.conf"), "--set", "") == [])
        #expect(values("run", "--set", "") == [])
    }

    private static let tested =
        pipeline + """

            tests:
              failed calls are kept: {}
              "failed: once": {}
              "it's dropped": {}
              "$(reboot)": {}
              "`reboot`": {}
              "two\\nlines": {}
            """

    @Test func testsOfThePipelineAreOffered() throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write(Self.tested, to: "a b.conf")
        let other = try folder.write("tests: {other: {}}\n", to: "b.conf")
        let all = ["failed calls are kept", "failed: once", "it's dropped"]
        #expect(values("test", file, "--only", "") == all)
        #expect(values("test", file, other, "--only=") == all + ["other"])
        #expect(complete(["test", file, "--only=fai"]).kept == "--only=")
        #expect(values("test", "--only", "it's dropped", file, "--only", "failed:") == ["failed: once"])
        #expect(values("test", "--only", "") == [])
        #expect(complete(["test", file, "--only", ""]).paths == .none)
        #expect(complete(["test", file, "--only", "it"]).candidates.first?.help == "Line 18")
    }

    /// Bash puts in what it is told as it is, behind the last word that it knows.
    @Test(
        arguments: [
            ("mhpipe test a --only ", "", "it's: so", #"it\'s:\ so"#),
            ("mhpipe test a --only 'it", "it", "it is", "it is"), ("mhpipe test a --only \"it", "it", "it's", "it's"),
            ("mhpipe test a --only 'it", "it", "it's", nil),
            (#"mhpipe test a --only it\ i"#, "it i", "it is", #"it\ is"#),
            ("mhpipe test a --only a:", "a:", "a: b", #"\ b"#), ("mhpipe test a --only 'a:", "a:", "a: b", "a: b"),
            ("mhpipe test a --only a=b", "a=b", "a=b c", #"b\ c"#),
            ("mhpipe test a --only ", "", "Größe; x", #"Größe\;\ x"#),
            ("mhpipe run --on", "--on", "--on-error", "--on-error"),
        ] as [(String, String, String, String?)]
    )
    func aTextIsQuotedForBash(line: String, typed: String, value: String, expected: String?) {
        #expect(ShellWords.replacement(value, typed: typed, in: line) == expected)
    }

    @Test(arguments: [
        ("mhpipe run", ["run"]), ("mhpipe run ", ["run", ""]),
        ("mhpipe run a\\ b.conf --s", ["run", "a b.conf", "--s"]),
        ("mhpipe  run 'a b' \"c d", ["run", "a b", "c d"]), ("mhpipe run --set=A=b", ["run", "--set=A=b"]),
        ("mhpipe run \"a\\$b\\n\" ''", ["run", "a$b\\n", ""]), ("mhpipe", []),
    ])
    func aLineIsTakenApart(line: String, words: [String]) {
        #expect(ShellWords.words(line) == words)
    }
}
