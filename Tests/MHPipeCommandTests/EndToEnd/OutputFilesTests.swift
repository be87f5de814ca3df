import Foundation
import MHPipeTestSupport
import Testing

/// Outputs whose names depend on the events, as a process writes them.
@Suite(.timeLimit(.minutes(30))) struct OutputFilesTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
    }

    private static func record(_ number: Int, account: String) -> String {
        """
        {"eventVersion":"1.08","eventTime":"2026-01-\(10 + number % 3)T00:00:00Z","eventName":"E\(number % 5)",\
        "eventSource":"s3.amazonaws.com","recipientAccountId":\(account),"n":\(number)}
        """
    }

    /// Some files whose events go everywhere.
    private func writeLogs(files: Int = 5, events: Int = 400) throws {
        let odd = [
            #""../../up""#, #""/tmp/abs""#, "null", #""""#, #"{"a":"b"}"#, #""a\u0000b""#,
            #""\#(String(repeating: "x", count: 900))""#,
        ]
        for file in 0..<files {
            let lines = (0..<events * (file % 2 + 1)).map { number in
                Self.record(
                    number,
                    account: number % 50 == 0 ? odd[number / 50 % odd.count] : "\"11112222333\(number % 7)\""
                )
            }
            try folder.write(lines.joined(separator: "\n") + "\n", to: "logs/\(file).jsonl")
        }
    }

    private func pipeline(_ sink: String, filter: String? = nil) throws {
        let transform = filter.map { "transforms:\n  t: {type: filter, \($0)}\n" } ?? ""
        try folder.write(
            "sources:\n  s: {type: directory, path: logs}\n\(transform)sinks:\n  a: {\(sink)}\n",
            to: "p.conf"
        )
    }

    private func files(_ name: String) throws -> [String: Data] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path(name))
        var files: [String: Data] = [:]
        for path in paths where FileManager.default.isReadableFile(atPath: folder.path("\(name)/\(path)")) {
            files[path] = try? folder.read("\(name)/\(path)")
        }
        return files
    }

    @Test(arguments: [
        "type: jsonl, path: 'lake/{recipientAccountId}/{eventTime:%Y-%m-%d}.jsonl'",
        "type: jsonl, path: 'lake/{recipientAccountId}/{eventTime:%Y-%m-%d}.jsonl.gz'",
        "type: csv, path: 'lake/{eventName}-{recipientAccountId}.csv', columns: [n, eventName]",
        "type: csv, path: 'lake/{eventName}.csv.gz', columns: [n, eventName]",
    ])
    func eachEventIsInItsFileWhateverTheWorkers(sink: String) throws {
        try writeLogs()
        try pipeline(sink)
        var first: [String: Data]?
        for workers in ["1", "2", "4"] {
            let result = try mhpipe.run("run", "p.conf", "-q", "--workers", workers)
            #expect(result.status == 0, "\(result.errors)")
            let files = try files("lake")
            #expect(files == first ?? files)
            first = first ?? files
        }
        let files = try #require(first)
        #expect(files.count > 4 && files.keys.allSatisfy { !$0.hasPrefix(".") })
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path("")).sorted() == [
                "lake", "logs", "p.conf", "stderr", "stdin", "stdout",
            ]
        )
    }

    @Test func whatWasReadIsWrittenOnce() throws {
        try writeLogs()
        try pipeline("type: jsonl, path: 'lake/{recipientAccountId}/{eventTime:%Y-%m-%d}.jsonl.gz'")
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 0)
        let read = try mhpipe.shell("cat logs/* | sort").text
        let written = try mhpipe.shell("find lake -name '*.gz' -exec gzip -cd {} + | sort").text
        #expect(read == written)
        // Within a file, events have the order of the input.
        let one = try mhpipe.shell("gzip -cd lake/111122223331/2026-01-11.jsonl.gz").text
        let expected = try mhpipe.shell("cat logs/* | grep 111122223331 | grep 2026-01-11T").text
        #expect(one == expected)
    }

    @Test func whenTheRunFailsNothingChanges() throws {
        try writeLogs(files: 2)
        try folder.write("old", to: "lake/111122223331/2026-01-11.jsonl")
        try folder.write("{\"eventVersion\":\"1.08\",", to: "logs/9.jsonl")
        try pipeline("type: jsonl, path: 'lake/{recipientAccountId}/{eventTime:%Y-%m-%d}.jsonl'")
        #expect(try mhpipe.run("run", "p.conf", "-q", "--on-error", "fail").status == 1)
        #expect(try files("lake") == ["111122223331/2026-01-11.jsonl": Data("old".utf8)])
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path("lake")).count == 2)
    }

    @Test func otherFilesStay() throws {
        try writeLogs(files: 1)
        try folder.write("kept", to: "lake/999988887777/2026-01-11.jsonl")
        try folder.write("old", to: "lake/111122223331/2026-01-11.jsonl")
        try pipeline("type: jsonl, path: 'lake/{recipientAccountId}/{eventTime:%Y-%m-%d}.jsonl'")
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 0)
        #expect(try folder.read("lake/999988887777/2026-01-11.jsonl") == Data("kept".utf8))
        #expect(try folder.read("lake/111122223331/2026-01-11.jsonl").count > 100)
    }

    @Test func aTableHasItsHeaderInEachFile() throws {
        try writeLogs(files: 3)
        try pipeline("type: csv, path: 'lake/{eventName}.csv', columns: [eventName, n]")
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 0)
        for (name, data) in try files("lake") {
            let lines = String(decoding: data, as: UTF8.self).split(separator: "\r\n")
            #expect(lines[0] == "eventName,n")
            #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(name.prefix(2) + ",") })
        }
    }

    @Test func noEventsMakeNoFiles() throws {
        try writeLogs(files: 1)
        try pipeline("type: csv, path: 'lake/{eventName}.csv.gz'", filter: "field: eventName, equals: None")
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 0)
        #expect(try files("lake") == [:])
    }

    @Test func manyFilesNeedFewDescriptors() throws {
        let lines = (0..<3000).map { Self.record($0, account: "\"\($0)\"") }
        try folder.write(lines.joined(separator: "\n"), to: "logs/a.jsonl")
        try pipeline("type: jsonl, path: 'lake/{recipientAccountId}.jsonl'")
        let result = try mhpipe.shell("ulimit -n 64; \"$mhpipe\" run p.conf -q --workers 2")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try files("lake").count == 3000)
    }

    @Test func convertReplacesFilesOnlyWhenTold() throws {
        try writeLogs(files: 1)
        #expect(try mhpipe.run("convert", "-q", "logs", "out/{eventName}.csv").status == 0)
        #expect(try files("out").count == 5)
        let result = try mhpipe.run("convert", "-q", "logs", "out/{eventName}.csv")
        #expect(result.status == 2)
        #expect(result.errors.contains("the folder 'out' of OUTPUT holds files already"))
        #expect(try mhpipe.run("convert", "-q", "--force", "logs", "out/{eventName}.csv").status == 0)
    }

    @Test(arguments: [
        ("lake/{awsRegion}.jsonl", "lake/{eventName}.jsonl", true),
        ("lake/{awsRegion}.jsonl", "lake/{awsRegion}.csv", false),
        ("lake/{awsRegion}.jsonl", "lake/all.jsonl", true), ("lake/{awsRegion}.jsonl", "lake/all.csv", false),
        ("lake/{awsRegion}/x.csv", "lake/{awsRegion}.csv", false),
        ("lake/{awsRegion}/{eventName}", "lake/a/{eventName}", true),
        ("lake/a-{awsRegion}", "lake/b-{awsRegion}", false), ("lake/{awsRegion}", "./lake/../lake/{eventName}", true),
        ("lake/{awsRegion}", "other/{awsRegion}", false),
    ])
    func twoSinksDoNotWriteOneFile(one: String, other: String, isMistake: Bool) throws {
        try writeLogs(files: 1, events: 3)
        try folder.write("", to: "lake/a/x")
        try pipeline("type: jsonl, path: '\(one)'}\n  b: {type: csv, path: '\(other)'")
        let result = try mhpipe.run("check", "p.conf")
        #expect(result.errors.contains("sink 'b' may write the same file as sink 'a'") == isMistake, "\(result.errors)")
        #expect(result.status == (isMistake ? 2 : 0), "\(result.errors)")
    }
}
