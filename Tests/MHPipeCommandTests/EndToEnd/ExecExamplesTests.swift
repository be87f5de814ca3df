import Foundation
import MHPipeTestSupport
import Testing

/// The programs in `Plugins/Exec`, and what `docs/exec-plugins.md` shows of them.
@Suite(.timeLimit(.minutes(30))) struct ExecExamplesTests {
    private static let examples = Repository.root.appending(path: "Plugins/Exec")
    private static let logs = Repository.root.appending(path: "pipelines/sample/AWSLogs").path(percentEncoded: false)
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    /// A folder with the examples in it.
    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        let path = Self.examples.path(percentEncoded: false)
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where !name.hasPrefix("__") {
            try FileManager.default.copyItem(atPath: path + "/" + name, toPath: folder.path(name))
        }
    }

    private static let page = try? String(
        contentsOf: Repository.root.appending(path: "docs/exec-plugins.md"),
        encoding: .utf8
    )

    @Test(arguments: ["without_reads.py", "tag_team.py", "keep_file.sh", "last_days.sh"])
    func thePageShowsTheFile(name: String) throws {
        let text = try String(contentsOf: Self.examples.appending(path: name), encoding: .utf8)
        let language = name.hasSuffix(".py") ? "python" : "sh"
        let page = try #require(Self.page)
        #expect(page.contains("(../Plugins/Exec/\(name))"))
        #expect(page.contains("```\(language)\n\(text)```\n"), "the page must show \(name) as it is")
    }

    private func run(_ transforms: String, _ sink: String = "type: jsonl\n    path: out.jsonl") throws -> [[String:
        Any]]
    {
        try folder.write(
            """
            sources:
              logs:
                type: directory
                path: ${LOGS}
                exclude: [CloudTrail-Digest/]
            \(transforms)
            sinks:
              out:
                \(sink)
            """,
            to: "test.conf"
        )
        let result = try mhpipe.run("run", "test.conf", "--quiet", "--set", "LOGS=\(Self.logs)")
        #expect(result.errors == "")
        #expect(result.status == 0)
        return try events("out.jsonl")
    }

    private func events(_ name: String) throws -> [[String: Any]] {
        try folder.read(name).split(separator: 0x0A).map {
            try #require(JSONSerialization.jsonObject(with: $0) as? [String: Any])
        }
    }

    @Test func theLoopDropsReadsAndAddsTheWeekday() throws {
        guard ExternalProgram("python3") != nil else { return }
        let all = try run("")
        let written = try run("transforms:\n  x:\n    type: exec\n    command: [python3, without_reads.py]")
        #expect(written.count == all.count { $0["readOnly"] as? Bool != true })
        #expect(written.first?["weekday"] as? String == "Monday")
    }

    @Test func aSinkInShellWritesTheSameAsJSONLines() throws {
        _ = try run("")
        let lines = try folder.read("out.jsonl")
        _ = try run("", "type: exec\n    command: [./keep_file.sh, out.jsonl]\n    protocol: handshake")
        #expect(try folder.read("out.jsonl") == lines)
    }

    @Test func aSourceInShellReadsWhatTheDirectoryHolds() throws {
        let all = try run("")
        try folder.write(
            """
            sources:
              logs:
                type: exec
                command: [./last_days.sh, "\(Self.logs)/111122223333", '99999']
            sinks:
              out:
                type: jsonl
                path: out.jsonl
            """,
            to: "source.conf"
        )
        let result = try mhpipe.run("run", "source.conf", "--quiet")
        #expect(result.errors == "")
        let count = try events("out.jsonl").count
        #expect(count > 0)
        #expect(count == all.count { $0["recipientAccountId"] as? String == "111122223333" })
    }

    /// Damaged files among good ones, in the order in which they are read.
    @Test func aSourceInShellReadsOnBehindABadFile() throws {
        let result = try mhpipe.shell(
            """
            mkdir t; for i in 1 3 5 7; do echo '{"eventVersion":"1.08","eventID":"'$i'"}' | gzip >t/$i.json.gz; done
            : >t/2.json.gz; echo text >t/4.json.gz; head -c 30 t/1.json.gz >t/6.json.gz
            printf '%s\n' 'sources: {n: {type: exec, command: [./last_days.sh, t, "7"]}}' 'sinks: {o: {type: jsonl, path: o.jsonl}}' >t.conf
            "$mhpipe" run t.conf --quiet
            """
        )
        #expect(result.status == 3)
        #expect(try events("o.jsonl").compactMap { $0["eventID"] as? String } == ["1", "3", "5", "7"])
        for name in ["t/2.json.gz", "t/4.json.gz", "t/6.json.gz"] { #expect(result.errors.contains(name)) }
        #expect(result.errors.contains("ended with status 1 before its output was whole"))
    }

    /// The pipeline of the page, word for word.
    @Test func thePipelineOfThePageRuns() throws {
        guard ExternalProgram("python3") != nil else { return }
        let block = try #require(Self.page?.components(separatedBy: "```yml\n").dropFirst().first)
        try folder.write(block.components(separatedBy: "```")[0], to: "page.conf")
        let check = try mhpipe.run("check", "page.conf", "--set", "LOGS=\(Self.logs)")
        #expect(check.errors == "mhpipe: page.conf: ok (1 source, 1 transform, 1 sink)\n")
        let run = try mhpipe.run("run", "page.conf", "--quiet", "--set", "LOGS=\(Self.logs)")
        #expect(run.errors == "")
        let teams = try events("teams.jsonl").map { $0["team"] as? String }
        #expect(Set(teams) == ["payments", "shipping"])
    }

    @Test func aMistypedOptionOfAProgramIsShownInTheFile() throws {
        guard ExternalProgram("python3") != nil else { return }
        let block = try #require(Self.page?.components(separatedBy: "```yml\n").dropFirst().first)
        let text = block.components(separatedBy: "```")[0].replacing("owned_only", with: "owned_onyl")
        try folder.write(text, to: "page.conf")
        let check = try mhpipe.run("check", "page.conf", "--set", "LOGS=\(Self.logs)")
        #expect(check.status == 2)
        #expect(check.errors.contains("'options' of 'tag_team 1.0': it has no option 'owned_onyl'"))
        #expect(check.errors.contains("^^^^^^^^^^ did you mean 'owned_only'?"))
    }

    @Test func aProgramThatRaisesFailsTheRunAndLeavesNothing() throws {
        guard ExternalProgram("python3") != nil else { return }
        let block = try #require(Self.page?.components(separatedBy: "```yml\n").dropFirst().first)
        let text = block.components(separatedBy: "```")[0].replacing("\"111122223333\"", with: "\"1111\"")
        try folder.write(text, to: "page.conf")
        let run = try mhpipe.run("run", "page.conf", "--quiet", "--set", "LOGS=\(Self.logs)")
        #expect(run.status == 1)
        #expect(run.errors.contains("says: '1111' in 'teams' is no account id of 12 digits"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("teams.jsonl")))
        let parts = try FileManager.default.contentsOfDirectory(atPath: folder.path("")).filter { $0.hasPrefix(".") }
        #expect(parts == [])
    }
}
