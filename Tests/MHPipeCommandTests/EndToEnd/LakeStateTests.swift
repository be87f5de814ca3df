import Foundation
import MHPipeTestSupport
import Testing

/// Files by fields whose state was begun by an mhpipe that did not keep which files its runs have written.
@Suite(.timeLimit(.minutes(30))) struct LakeStateTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    private static let days = "lake/111122223330.csv"
    private static let unwritten = "lake/111122223331.csv"

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(
            """
            state: st
            mode: append
            sources: {logs: {type: directory, path: logs}}
            sinks:
              lake: {type: csv, path: "lake/{recipientAccountId}.csv", columns: [eventID]}
              packed: {type: jsonl, path: "packed/{recipientAccountId}.jsonl.gz"}
              frames: {type: jsonl, path: "frames/{recipientAccountId}.jsonl.zst"}
            """,
            to: "p.conf"
        )
        try writeLog("a", 0..<9)
        #expect(try run().status == 0)
        try forgetFiles()
    }

    private func writeLog(_ name: String, _ numbers: some Sequence<Int>) throws {
        let records = numbers.map { number in
            #"{"eventVersion":"1.08","eventTime":"2026-01-10T00:00:00Z","eventName":"GetObject","eventID":"id-\#(number)","#
                + #""eventSource":"s3.amazonaws.com","recipientAccountId":"11112222333\#(number % 3)"}"#
        }
        try folder.write(Trail.file(records), to: "logs/\(name).json")
    }

    private func run(_ more: String...) throws -> Mhpipe.Result {
        try mhpipe.run(arguments: ["run", "p.conf", "-q"] + more)
    }

    private func hash(_ data: Data) throws -> String {
        try folder.write(data, to: "hashed")
        return String(try mhpipe.shell("sha256sum hashed").text.prefix(64))
    }

    /// Takes the records of files out of the state, which have no run, as that of an earlier mhpipe has none.
    private func forgetFiles() throws {
        let segment = [UInt8](try folder.read("st/committed-1"))
        let records = stride(from: 16, to: segment.count - 32, by: 32).map { Array(segment[$0..<$0 + 32]) }
        let units = records.filter { $0[24..<28] != [0, 0, 0, 0] }
        #expect(units.count == 1 && records.count == 11)
        let body = Data(segment[..<16] + units.joined())
        let digits = try hash(body)
        let end = stride(from: 0, to: 64, by: 2).compactMap { UInt8(digits.dropFirst($0).prefix(2), radix: 16) }
        try folder.write(body + end, to: "st/committed-1")
        let text = String(decoding: try folder.read("st/committed"), as: UTF8.self)
        let lines = text.split(separator: "\n").dropLast().map { $0.hasPrefix("units ") ? "units 1 1" : String($0) }
        let sealed = lines.map { $0 + "\n" }.joined()
        try folder.write(sealed + "end \(try hash(Data(sealed.utf8)))\n", to: "st/committed")
    }

    /// Cron goes on, whichever nights a file has nothing in, and each file is spoken of once.
    @Test func aFileIsTakenOnceInWhateverNightItComes() throws {
        try writeLog("b", [9, 12])
        let second = try run()
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.errors.contains("'\(Self.days)' is taken as it is"), "\(second.errors)")
        #expect(!second.errors.contains(Self.unwritten))
        try writeLog("c", [10, 15])
        let third = try run()
        #expect(third.status == 0, "\(third.errors)")
        #expect(third.errors.contains("'\(Self.unwritten)' is taken as it is"), "\(third.errors)")
        #expect(third.errors.contains("'packed/111122223331.jsonl.gz' is taken as it is"), "\(third.errors)")
        #expect(third.errors.contains("'frames/111122223331.jsonl.zst' is taken as it is"), "\(third.errors)")
        #expect(!third.errors.contains(Self.days))
        try writeLog("d", [18, 19])
        let fourth = try run()
        #expect(fourth.status == 0 && fourth.errors.isEmpty, "\(fourth.errors)")
        #expect(try mhpipe.shell("grep -h id- lake/* | wc -l").text.contains("15"))
        #expect(try mhpipe.shell("gzip -cd packed/* | wc -l").text.contains("15"))
        #expect(try mhpipe.shell("zstd -qcd frames/* | wc -l").text.contains("15"))
    }

    /// What comes behind a cut could not be read, so nothing is put there.
    @Test(arguments: [
        ("truncate -s -1 packed/111122223331.jsonl.gz", "gzip data is cut short"),
        ("printf '\\0\\0' >> packed/111122223331.jsonl.gz", "zero bytes follow the last gzip member"),
        ("echo '{}' > packed/111122223331.jsonl.gz", "it holds no compressed data"),
        ("truncate -s -1 frames/111122223331.jsonl.zst", "zstd data is cut short"),
        ("truncate -s -1 lake/111122223331.csv", "its last line has no end"),
    ])
    func aFileThatIsCutIsRefused(change: String, reason: String) throws {
        try writeLog("b", [9])
        #expect(try run().status == 0)
        #expect(try mhpipe.shell(change).status == 0)
        let before = try mhpipe.shell("cat */111122223331* | cksum").text
        try writeLog("c", [10])
        for more in [[], ["--restart"]] {
            let refused = try mhpipe.run(arguments: ["run", "p.conf", "-q"] + more)
            #expect(refused.status == 1)
            #expect(refused.errors.contains(reason), "\(refused.errors)")
            #expect(try mhpipe.shell("cat */111122223331* | cksum").text == before)
        }
    }

    /// A file that a night has written is known from then on.
    @Test func aFileThatWasTakenIsKnown() throws {
        try writeLog("b", [9])
        #expect(try run().status == 0)
        try folder.write("eventID\nid-0\n", to: Self.days)
        try writeLog("c", [12])
        let refused = try run()
        #expect(refused.status == 1)
        #expect(refused.errors.contains("it was changed since the last run wrote it"), "\(refused.errors)")
    }
}
