import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// `mhpipe list`: what a pipeline would read, in the form that source `list` reads.
@Suite struct ListTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
    }

    private func pipeline(_ source: String, _ sink: String = "out.jsonl") -> String {
        """
        pipeline: p
        sources:
          logs: \(source)
        sinks:
          out: {type: jsonl, path: \(sink)}
        """
    }

    private static func record(_ name: String) -> String {
        #"{"eventVersion":"1.08","eventID":"\#(name)","eventTime":"2026-05-01T00:00:00Z"}"#
    }

    @Test func aListOfAFolderIsReadAsTheFolderIs() throws {
        let names = ["b/2.json", "a b.json", "c\td.json", "é.jsonl", "x.txt", "b/1.json"]
        for (number, name) in names.enumerated() { try folder.write(Self.record("e\(number)"), to: "logs/\(name)") }
        try folder.write(pipeline("{type: directory, path: logs}"), to: "p.conf")
        let result = try mhpipe.run("list", "p.conf")
        #expect(result.status == 0)
        let lines = result.text.split(separator: "\n").map(String.init)
        let sizes = lines.map { $0.split(separator: "\t").last.flatMap { Int($0) } ?? 0 }
        #expect(lines.count == 5 && sizes.allSatisfy { $0 > 70 })
        #expect(lines.contains { $0.hasPrefix("logs/c\td.json\t") }, "\(lines)")
        let bytes = Readable.bytes(sizes.reduce(0, +))
        #expect(result.errors.hasSuffix("mhpipe: 5 files listed, \(bytes), 1 of other kinds\n"), "\(result.errors)")

        try folder.write(result.text, to: "files.txt")
        try folder.write(pipeline("{type: list, path: files.txt}", "listed.jsonl"), to: "l.conf")
        for file in ["p.conf", "l.conf"] { #expect(try mhpipe.run("run", file, "--quiet").status == 0) }
        #expect(try folder.read("listed.jsonl") == folder.read("out.jsonl"))
        #expect(try folder.read("out.jsonl").count { $0 == UInt8(ascii: "\n") } == 5)
        // A list of what a list names is that list.
        #expect(try mhpipe.run("list", "l.conf").text == result.text)
    }

    @Test func whatIsRuledOutByItsKeyIsNotListed() throws {
        for (account, day) in [("111122223333", "01"), ("111122223333", "02"), ("444455556666", "01")] {
            let name = "\(account)_CloudTrail_eu-west-1_202605\(day)T1200Z_x.json"
            try folder.write("{}", to: "AWSLogs/\(account)/CloudTrail/eu-west-1/2026/05/\(day)/\(name)")
        }
        try folder.write(
            pipeline("{type: directory, path: AWSLogs, accounts: ['111122223333'], until: 2026-05-01, late: 1h}"),
            to: "p.conf"
        )
        let result = try mhpipe.run("list", "p.conf")
        #expect(result.status == 0)
        #expect(result.text.split(separator: "\n").allSatisfy { $0.contains("/111122223333/") })
        #expect(result.text.contains("20260501T"))
    }

    @Test func aNameThatCannotStandInAListIsToldOf() throws {
        try folder.write("{}", to: "logs/a\nb.json")
        try folder.write("{}", to: "logs/c.json")
        try folder.write(pipeline("{type: directory, path: logs}"), to: "p.conf")
        let result = try mhpipe.run("list", "p.conf")
        #expect(result.status == 3)
        #expect(result.text == "logs/c.json\t2\n")
        #expect(result.errors.contains(#"'logs/a\nb.json': its name cannot stand in a list"#), "\(result.errors)")
        #expect(result.errors.contains("1 file listed, 2 B, 1 told of above"), "\(result.errors)")
    }

    @Test(arguments: [
        ("{type: synthetic, events: 5}", "which no list can name"),
        ("{type: file, path: '-'}", "reads '-', which no list can name"),
        ("{type: directory, path: logs, watch: true}", "takes what comes"),
        ("{type: directory, path: nowhere}", "nowhere"),
    ])
    func whatCannotBeListedIsRefused(_ source: String, _ reason: String) throws {
        try folder.write("{}", to: "logs/c.json")
        let state = source.contains("watch") ? "state: st\nmode: append\n" : ""
        try folder.write(state + pipeline(source), to: "p.conf")
        let result = try mhpipe.run("list", "p.conf")
        #expect(result.status != 0)
        #expect(result.text == "")
        #expect(result.errors.contains(reason), "\(result.errors)")
    }

    @Test func aReaderThatGoesAwayEndsItQuietly() throws {
        for number in 0..<3000 {
            try folder.write("{}", to: "logs/\(String(repeating: "x", count: 100))\(number).json")
        }
        try folder.write(pipeline("{type: directory, path: logs}"), to: "p.conf")
        let result = try mhpipe.shell(#"{ "$mhpipe" list p.conf; echo $? >&2; } | true"#)
        #expect(result.errors == "0\n")
    }
}
