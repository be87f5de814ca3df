import MHPipeKit
import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeIO

@Suite struct UnreadFilesTests {
    @Test(
        arguments: [
            ("a.json", true), ("A.JSON", true), ("a.jsonl", true), ("a.ndjson", true), ("a.Json.Gz", true),
            ("x/.ndjson.gz", true),
            ("a.json.zst", true), (".json", true), ("a.json.", false), ("ajson", false), ("a.json.gz.gz", false),
            ("a.gz", false),
            ("a\u{0E}json", false), ("a.json\n", false), ("a.jsonGz", false), ("", false), ("n", false),
            ("a.json.bz2", false),
            ("a.json/b", false),
        ]
    )
    func `names of logs are told by their endings`(name: String, isLog: Bool) {
        #expect(LogName.isLog(Array(name.utf8)) == isLog)
    }

    @Test func `endings are counted, the most frequent first`() {
        var endings = NameEndings()
        for name in [
            "a.txt", "x/b.TXT", "c.log.gz", "d", ".bashrc", "e.d/f", "g.tar.GZ", "h.csv", "i.csv", "j.csv",
            ".hidden.txt",
        ] {
            endings.add(Array(name.utf8))
        }
        #expect(endings.text(most: 3) == "no ending (3), .csv (3), .txt (3), others (2)")
    }

    @Test func `endings take little memory, whatever the names`() {
        var endings = NameEndings()
        for number in 0..<1000 { endings.add(Array("a.\(number)".utf8)) }
        #expect(endings.text(most: 1) == ".0 (1), others (999)")
    }

    @Test func `each folder gives some samples, and a walk some thousand`() {
        var files = UnreadFiles()
        for folder in 0..<100 {
            for number in 0..<100 { files.append(Array("\(folder)/\(number)".utf8), kind: .file, .other) }
        }
        #expect(files.others == 10_000)
        #expect(files.samples.count == UnreadFiles.mostSamples)
        #expect(files.samples.count { $0.starts(with: "7/".utf8) } == UnreadFiles.mostSamplesOfFolder)
    }

    @Test func `pipes are neither read nor waited for`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        #expect(!FirstLook.mayHoldRecords(FilePath(path)))
        #expect(!FirstLook.mayHoldRecords(FilePath(directory.path("none"))))
        #expect(!FirstLook.mayHoldRecords(FilePath(directory.path(""))))
    }
}
