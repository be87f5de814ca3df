import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// The scripts in the shells of this machine; a shell that is not here is said to be missing.
@Suite(.timeLimit(.minutes(30))) struct CompletionScriptTests {
    private static let pipeline = """
        sources:
          logs:
            type: file
            path: ${LOGS}
        sinks:
          audit:
            type: csv
        tests:
          kept calls; fail: {}
          "kept: 'root'": {}
          other: {}

        """

    /// A folder with mhpipe in `bin`, files to complete, and the script of a shell.
    private func folder(_ shell: CompletionScript) throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: folder.path("bin"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder.path("bin/mhpipe"), withDestinationPath: Mhpipe.path)
        try folder.write(Self.pipeline, to: "a b.conf")
        try folder.write(shell.text, to: "script")
        return folder
    }

    private static let lines: [(line: String, values: Set<String>)] = [
        ("mhpipe conv", ["convert"]),
        ("mhpipe plugin b", ["build"]),
        ("mhpipe plugins sql", ["sqlite"]),
        ("mhpipe run --on-interrupt a", ["abort"]),
        ("mhpipe run 'a b.conf' --set sinks.", ["sinks.audit."]),
        ("mhpipe run a\\ b.conf --set L", ["LOGS="]),
        ("mhpipe test a\\ b.conf --only o", ["other"]),
    ]

    private static let tests = ["kept calls; fail", "kept: 'root'"]

    @Test(arguments: lines)
    func bashCompletes(line: String, values: Set<String>) throws {
        guard let bash = ExternalProgram("bash") else { return }
        let folder = try folder(.bash)
        let result = try bash.run([
            "--norc", "-c",
            """
            cd "$1" && PATH=$1/bin:$PATH && . ./script
            COMP_LINE=$2 COMP_POINT=${#2} && _mhpipe mhpipe && printf '%s\\n' "${COMPREPLY[@]}"
            """, "bash", folder.path(""), line,
        ])
        withExtendedLifetime(folder) {}
        #expect(Set(String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)) == values)
        #expect(result.errors == "")
    }

    @Test(arguments: lines)
    func fishCompletes(line: String, values: Set<String>) throws {
        guard let fish = ExternalProgram("fish") else { return }
        let folder = try folder(.fish)
        let result = try fish.run([
            "--no-config", "-c",
            "cd $argv[1]; set -x PATH $argv[1]/bin $PATH; source ./script; complete -C $argv[2]", folder.path(""), line,
        ])
        withExtendedLifetime(folder) {}
        let offered = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        #expect(Set(offered.map { String($0.prefix { $0 != "\t" }) }) == values)
        #expect(result.errors == "")
    }

    @Test func zshReadsTheScript() throws {
        guard let zsh = ExternalProgram("zsh") else { return }
        let folder = try folder(.zsh)
        let result = try zsh.run(["-n", folder.path("script")])
        withExtendedLifetime(folder) {}
        #expect(result.status == 0 && result.errors == "")
    }

    // MARK: At a terminal, as a person types

    /// What stands on the line that a shell runs when part of a name was typed, then Tab and Return.
    @Test(
        arguments: CompletionScript.allCases,
        [
            ("--only kept\\ c", ["--only", "kept calls; fail"]), ("--only 'kept c", ["--only", "kept calls; fail"]),
            ("--only kept:", ["--only", "kept: 'root'"]), ("--only=kept\\ c", ["--only=kept calls; fail"]),
            ("--only \"kept:", ["--only", "kept: 'root'"]), ("--only kept:\\ ", ["--only", "kept: 'root'"]),
        ]
    )
    func aTestIsCompletedToOneWord(shell: CompletionScript, example: (typed: String, words: [String])) throws {
        guard ExternalProgram(shell.rawValue) != nil, let python = ExternalProgram("python3") else { return }
        let folder = try folder(shell)
        // What runs says with what, while the script of the shell asks the real one.
        try FileManager.default.removeItem(atPath: folder.path("bin/mhpipe"))
        try folder.write(
            """
            #!/bin/sh
            case $1 in __complete*) exec '\(Mhpipe.path)' "$@" ;; esac
            for word; do printf '%s\\n' "$word"; done > words.new
            mv words.new words

            """,
            to: "bin/mhpipe"
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("bin/mhpipe"))
        let script = Repository.root.appending(path: "Tests/Shells/typed.py")
        let result = try python.run([
            script.path(percentEncoded: false), shell.rawValue, folder.path(""), "test a\\ b.conf \(example.typed)",
        ])
        withExtendedLifetime(folder) {}
        #expect(result.status == 0, "\(result.errors)")
        let words = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(words == ["test", "a b.conf"] + example.words)
    }
}
