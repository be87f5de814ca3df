import Foundation
import MHPipeTestSupport
import Testing

/// Files by fields and in parts that grow from night to night.
@Suite(.timeLimit(.minutes(30))) struct LakeTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(
            """
            state: st
            mode: append
            checkpoint_every: 0s
            sources: {logs: {type: directory, path: logs}}
            sinks:
              days: {type: csv, path: "days/{recipientAccountId}/{eventTime:%Y-%m-%d}.csv"}
              packed: {type: jsonl, path: "packed/{recipientAccountId}.jsonl.gz"}
              parts: {type: jsonl, path: parts.jsonl, rotate: 2kB}
              one: {type: jsonl, path: one.jsonl}
            """,
            to: "p.conf"
        )
    }

    private func writeLog(_ name: String, _ numbers: Range<Int>) throws {
        let records = numbers.map { number in
            #"{"eventVersion":"1.08","eventTime":"2026-01-\#(10 + number % 5)T00:00:00Z","eventName":"GetObject","#
                + #""eventSource":"s3.amazonaws.com","recipientAccountId":"11112222333\#(number % 3)","eventID":"id-\#(number)"}"#
        }
        try folder.write(Trail.file(records), to: "logs/\(name).json")
    }

    private func run(_ more: String...) throws -> Mhpipe.Result {
        try mhpipe.run(arguments: ["run", "p.conf", "-q"] + more)
    }

    private func ids(_ command: String) throws -> [String] {
        try mhpipe.shell(command).text.matches(of: /\bid-[0-9]+/).map { String($0.output) }
    }

    private var hidden: [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path(""))) ?? []).filter {
            $0.split(separator: "/").contains { $0.hasPrefix(".") }
        }
    }

    @Test func nightsAreLikeOneFileThatGrows() throws {
        var before: [String: Data] = [:]
        for night in 0..<5 {
            try writeLog("\(9 - night)", night * 20..<night * 20 + 23)
            #expect(try run().status == 0)
            let all = try ids("cat one.jsonl").sorted()
            #expect(try ids("cat days/*/*").sorted() == all)
            #expect(try ids("gzip -cd packed/*").sorted() == all)
            #expect(try ids("cat parts-*") == ids("cat one.jsonl"))
            for path in try mhpipe.shell("find days packed parts-* -type f").text.split(separator: "\n") {
                let content = try folder.read(String(path))
                // Parts of earlier nights stay as they are; the other files have more behind what they had.
                let start = before[String(path), default: Data()]
                #expect(path.hasPrefix("parts") && !start.isEmpty ? content == start : content.starts(with: start))
                before[String(path)] = content
            }
            #expect(hidden == [])
        }
        let heads = try mhpipe.shell("grep -c ^eventTime, days/*/*").text.split(separator: "\n")
        #expect(!heads.isEmpty && heads.allSatisfy { $0.hasSuffix(":1") })
    }

    @Test(arguments: ["days/111122223331/2026-01-11.csv", "packed/111122223330.jsonl.gz", "parts-00001.jsonl"])
    func whatWasThereBeforeTheFirstNightIsRefused(name: String) throws {
        try folder.write("old", to: name)
        try writeLog("a", 0..<20)
        let run = try run()
        #expect(run.status == 1)
        #expect(run.errors.contains("'\(name)': it is there already"), "\(run.errors)")
        #expect(try folder.read(name) == Data("old".utf8))
        #expect(hidden == [])
    }

    /// A file of many is known as the last run has left it, whatever was done to it since.
    @Test(arguments: [
        "truncate -s -9 days/111122223331/2026-01-11.csv", "sed -i '$d' days/111122223331/2026-01-11.csv",
        "truncate -s -1 packed/111122223330.jsonl.gz", ": > packed/111122223330.jsonl.gz",
        "gzip -c one.jsonl >> packed/111122223330.jsonl.gz", "sed -i 's/id-1/id-2/' days/111122223331/2026-01-11.csv",
    ])
    func aFileThatWasChangedIsNotWrittenOn(change: String) throws {
        try writeLog("a", 0..<20)
        try writeLog("b", 20..<40)
        #expect(try run().status == 0)
        #expect(try mhpipe.shell("mkdir kept && cp -r days packed kept").status == 0)
        #expect(try mhpipe.shell(change).status == 0)
        let changed = try mhpipe.shell("cat days/*/* packed/* one.jsonl | cksum").text
        try writeLog("c", 40..<60)
        let refused = try run()
        #expect(refused.status == 1, "\(refused.errors)")
        #expect(refused.errors.contains("it was changed since the last run wrote it"), "\(refused.errors)")
        #expect(refused.errors.contains("put that file back; or move it away"), "\(refused.errors)")
        #expect(try mhpipe.shell("cat days/*/* packed/* one.jsonl | cksum").text == changed)
        #expect(try mhpipe.shell("rm -r days packed && mv kept/* .").status == 0)
        #expect(try run().status == 0)
        let all = try ids("cat one.jsonl").sorted()
        #expect(all.count == 60)
        #expect(try ids("cat days/*/*").sorted() == all)
        #expect(try ids("gzip -cd packed/*").sorted() == all)
        #expect(hidden == [])
    }

    /// What somebody else has put there after the first night is no more written on than what was there before it, also
    /// where that night had nothing for any file; and not more in the third night than in the second.
    @Test(arguments: ["days/111122223331/2026-01-11.csv", "packed/111122223331.jsonl.gz"], [0..<0, 0..<1])
    func whatHasComeSinceTheFirstNightIsRefused(name: String, first: Range<Int>) throws {
        try writeLog("a", first)
        #expect(try run().status == 0)
        try folder.write("theirs\n", to: name)
        try writeLog("b", 20..<40)
        for _ in 0..<2 {
            let refused = try run()
            #expect(refused.status == 1, "\(refused.errors)")
            #expect(
                refused.errors.contains("'\(name)': it is there already, and no run of this state has written it"),
                "\(refused.errors)"
            )
            #expect(refused.errors.contains("move it away, and a new one is made"), "\(refused.errors)")
            #expect(try folder.read(name) == Data("theirs\n".utf8))
        }
        #expect(try mhpipe.shell("mv \(name) theirs").status == 0)
        #expect(try run().status == 0)
        let all = try ids("cat one.jsonl").sorted()
        #expect(all.count == 20 + first.count)
        #expect(try ids("cat days/*/*").sorted() == all)
        #expect(try ids("gzip -cd packed/*").sorted() == all)
        #expect(hidden == [])
    }

    @Test func whatHasComeSinceTheFirstNightIsWrittenOnWhereARunBeginsAnew() throws {
        try writeLog("a", 0..<1)
        #expect(try run().status == 0)
        try folder.write("theirs\n", to: "days/111122223331/2026-01-11.csv")
        // Nothing of others is in an empty one.
        try folder.write("", to: "packed/111122223331.jsonl.gz")
        try writeLog("b", 20..<40)
        let taken = try run("--restart")
        #expect(taken.status == 0)
        #expect(taken.errors.contains("no run of this state has written it; with --restart"), "\(taken.errors)")
        #expect(try folder.read("days/111122223331/2026-01-11.csv").starts(with: Data("theirs\n".utf8)))
        try writeLog("c", 40..<60)
        #expect(try run().status == 0)
        #expect(try ids("cat days/*/*").count == 41)
    }

    @Test func aChangedFileIsTakenAsItIsWhenARunBeginsAnew() throws {
        try writeLog("a", 0..<20)
        #expect(try run().status == 0)
        #expect(try mhpipe.shell("sed -i '$d' days/111122223331/2026-01-11.csv").status == 0)
        try writeLog("b", 20..<40)
        let taken = try run("--restart")
        #expect(taken.status == 0)
        #expect(taken.errors.contains("with --restart it is taken as it is now"), "\(taken.errors)")
        try writeLog("c", 40..<60)
        #expect(try run().status == 0)
        #expect(hidden == [])
    }

    /// Whoever moves the files of old days away has new ones for what comes late.
    @Test func aFileThatIsGoneIsMadeAnew() throws {
        try writeLog("a", 0..<20)
        #expect(try run().status == 0)
        #expect(try mhpipe.shell("rm -r days/111122223331 parts-00001.jsonl").status == 0)
        try writeLog("b", 20..<40)
        #expect(try run().status == 0)
        let late = (20..<40).filter { $0 % 3 == 1 }.map { "id-\($0)" }.sorted()
        #expect(try ids("cat days/111122223331/*").sorted() == late)
        #expect(try !mhpipe.shell("head -qn 1 days/111122223331/*").text.contains("id-"))
    }

    @Test func otherColumnsAreRefused() throws {
        try writeLog("a", 0..<20)
        #expect(try run().status == 0)
        try writeLog("b", 20..<40)
        let run = try run("--set", "sinks.days.columns=[eventID]")
        #expect(run.status == 1 && run.errors.contains("the pipeline is another one"), "\(run.errors)")
    }

    @Test func theManifestTellsOfEachFilesPart() throws {
        try writeLog("a", 0..<20)
        #expect(try run("--manifest", "m1.jsonl").status == 0)
        try writeLog("b", 20..<40)
        #expect(try run("--manifest", "m2.jsonl").status == 0)
        for manifest in ["m1.jsonl", "m2.jsonl"] { #expect(try mhpipe.run("verify", manifest).status == 0) }
        let offsets = try mhpipe.shell(#"grep -o '"path":"days.*"offset":[0-9]*' m2.jsonl | grep -vc '"offset":0$'"#)
            .text
        #expect(offsets == "15\n")
    }
}
