import Foundation
import MHPipeTestSupport
import Testing

/// Outputs in parts: the same ones for any number of workers, and none of an earlier run beside them.
@Suite(.timeLimit(.minutes(30))) struct RotationTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        for file in 0..<12 {
            let records = (0..<(file == 5 ? 60 : 7)).map { Self.event("id-\(file)-\($0)", day: 10 + file % 3) }
            try folder.write(Trail.file(records), to: "logs/\(100 + file).json")
        }
        try folder.write(
            """
            sources: {logs: {type: directory, path: "${LOGS:-logs}"}}
            sinks:
              whole: {type: jsonl, path: whole.jsonl}
              lines: {type: jsonl, path: parts/all.jsonl, rotate: "${SIZE:-4kB}"}
              packed: {type: jsonl, path: packed.v1.jsonl.gz, rotate: 4kB}
              table: {type: csv, path: table.csv, columns: [eventID, awsRegion], rotate: 1kB}
              lake: {type: jsonl, path: "lake/{eventTime:%Y-%m-%d}.jsonl.zst", rotate: 2kB}
            """,
            to: "p.conf"
        )
        _ = try mhpipe.shell("mkdir parts")
    }

    private static func event(_ id: String, day: Int) -> String {
        #"{"eventVersion":"1.08","eventTime":"2026-01-\#(day)T00:00:00Z","eventName":"GetObject","eventSource":"s3.amazonaws.com","#
            + #""awsRegion":"us-east-1","eventID":"\#(id)"}"#
    }

    private func names(_ place: String = "") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path(place))) ?? []).sorted()
    }

    private func run(_ arguments: String...) throws -> Mhpipe.Result {
        try mhpipe.run(arguments: ["run", "p.conf", "-q"] + arguments)
    }

    /// The names and hashes of everything that was written.
    private func written() throws -> String {
        try mhpipe.shell("find parts lake packed* table* whole* -type f | sort | xargs sha256sum").text
    }

    @Test func partsAreTheSameForAnyNumberOfWorkers() throws {
        var texts: Set<String> = []
        for workers in [1, 2, 7] {
            let result = try run("--workers", "\(workers)")
            #expect(result.status == 0, "\(result.errors)")
            texts.insert(try written())
        }
        #expect(texts.count == 1)
    }

    @Test func togetherPartsHoldWhatOneFileHolds() throws {
        #expect(try run("--manifest", "m.jsonl").status == 0)
        let whole = try folder.read("whole.jsonl")
        let parts = names("parts")
        #expect(parts.count > 3)
        #expect(parts.first == "all-00001.jsonl")
        #expect(try mhpipe.shell("cat parts/all-*.jsonl").output == whole)
        for part in parts { #expect(try folder.read("parts/\(part)").count <= 4000) }
        #expect(try mhpipe.shell("cat packed.v1-*.jsonl.gz | gunzip").output == whole)
        #expect(names().filter { $0.hasPrefix("packed") }.first == "packed.v1-00001.jsonl.gz")
        // Each part of a table has its header.
        let tables = names().filter { $0.hasPrefix("table-") }
        #expect(tables.count > 2)
        for table in tables { #expect(try folder.read(table).starts(with: Data("eventID,awsRegion\r\n".utf8))) }
        #expect(try mhpipe.shell("cat table-*.csv | grep -c ^id-").text == "137\n")
        #expect(names("lake").contains("2026-01-10-00002.jsonl.zst"))
        // The manifest has every part, and its rows.
        let lines = try folder.read("m.jsonl").split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(JSONTree.self, from: Data($0))
        }
        let outputs = lines.filter { $0["stage"]?.text == "lines" }
        #expect(outputs.map { $0["path"]?.text } == parts.map { "parts/\($0)" })
        #expect(outputs.compactMap { $0["rows"]?.integer }.reduce(0, +) == 137)
        #expect(try mhpipe.run("verify", "m.jsonl").status == 0)
    }

    @Test func partsOfAnEarlierRunAreNotLeftBesideNewOnes() throws {
        #expect(try run().status == 0)
        let before = names("parts").count
        try folder.write("mine", to: "parts/all-00xx9.jsonl")
        try folder.write("mine", to: "parts/all-0000099.jsonl")
        try folder.write("mine", to: "parts/other-00099.jsonl")
        let result = try run("--set", "SIZE=1MB")
        #expect(result.status == 0)
        #expect(names("parts") == ["all-0000099.jsonl", "all-00001.jsonl", "all-00xx9.jsonl", "other-00099.jsonl"])
        #expect(result.errors.contains("fewer parts than before"), "\(result.errors)")
        #expect(result.errors.contains("all-00002.jsonl' and \(before - 2) more"), "\(result.errors)")
    }

    @Test func aRunThatFailsLeavesTheOldParts() throws {
        #expect(try run().status == 0)
        let before = try written()
        try folder.write("{\"eventVersion\":x}", to: "logs/111.json")
        #expect(try run("--set", "SIZE=1MB", "--on-error", "fail").status == 1)
        #expect(try written() == before)
        #expect(names("parts").allSatisfy { $0.hasPrefix("all-") })
    }

    @Test func anOutputWithoutEventsIsOnePart() throws {
        try folder.write(#"{"Records":[]}"#, to: "none/1.json")
        #expect(try run("--set", "LOGS=none").status == 0)
        #expect(names("parts") == ["all-00001.jsonl"])
        #expect(try folder.read("parts/all-00001.jsonl") == Data())
        #expect(try mhpipe.shell("gunzip < packed.v1-00001.jsonl.gz").output == Data())
        #expect(try folder.read("table-00001.csv") == Data("eventID,awsRegion\r\n".utf8))
        #expect(names("lake") == [])
    }

    @Test func whatCannotBeInPartsIsRefused() throws {
        for (change, message) in [
            ("sinks.lines.path=-", "standard output"), ("sinks.lines.rotate=100", "at least 1000 bytes"),
            ("sinks.lines.rotate=soon", "a size such as 256MB, or a length of time such as 1h"),
            ("sinks.whole.path=parts/all-00001.jsonl", "may write the same file"),
        ] {
            let result = try mhpipe.run("check", "p.conf", "--set", change)
            #expect(result.status == 2 && result.errors.contains(message), "\(change): \(result.errors)")
        }
    }

    @Test func aStateChangesNothing() throws {
        #expect(try run().status == 0)
        let plain = try written()
        #expect(try run("--state", "st").status == 0)
        #expect(try written() == plain)
        #expect(names().allSatisfy { !$0.hasPrefix(".") })
    }
}
