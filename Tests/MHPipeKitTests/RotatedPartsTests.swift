import MHPipeTestSupport
import Testing

@testable import MHPipeKit

/// When a part is full, and what parts are called.
@Suite struct RotatedPartsTests {
    @Test(arguments: [
        ("a.jsonl", "a-00012.jsonl"), ("d.x/a.b.csv.gz", "d.x/a.b-00012.csv.gz"), ("a", "a-00012"), (".a", ".a-00012"),
        ("a.zst", "a-00012.zst"), ("a.JSONL.GZ", "a-00012.JSONL.GZ"),
    ])
    func theNumberStandsBeforeTheEnding(path: String, part: String) {
        let name = PartName(path)
        #expect(name.path(Array(path.utf8), part: 12) == Array(part.utf8))
        #expect(name.part(Array(part.utf8), of: Array(path.utf8)) == 12)
    }

    /// What fields hold is no ending.
    @Test func theEndingIsLookedForBehindTheFields() {
        #expect(PartName("l/{a}").path(Array("x.y".utf8), part: 1) == Array("x.y-00001".utf8))
        #expect(PartName("l/{a.b}.csv").path(Array("x.y.csv".utf8), part: 1) == Array("x.y-00001.csv".utf8))
        #expect(PartName("l/{a.b}.csv").path("l/{a.b}.csv", with: "{part}") == "l/{a.b}-{part}.csv")
    }

    @Test(arguments: [
        "a-0001.jsonl", "a-000001.jsonl", "a-00001.csv", "b-00001.jsonl", "a-0000x.jsonl", "a-00001x.jsonl", "a.jsonl",
    ])
    func othersAreNoParts(name: String) {
        #expect(PartName("a.jsonl").part(Array(name.utf8), of: Array("a.jsonl".utf8)) == nil)
    }

    @Test func largeNumbersHaveMoreDigits() {
        #expect(PartName("a").part(Array("a-123456".utf8), of: Array("a".utf8)) == 123_456)
    }

    private func next(_ rotate: String, _ texts: [(base: String, text: Int, time: Int)]) throws -> [String] {
        var time = 0
        let rotation = try Rotation(config: ConfigNode(.text(rotate)))
        var parts = RotatedParts(rotation, PartName("a")) { time }
        return try texts.map { text in
            time = text.time
            return String(decoding: try parts.next(Array(text.base.utf8), text: text.text), as: UTF8.self)
        }
    }

    @Test func aPartIsFullWhenTheNextTextHasNoRoom() throws {
        let names = try next(
            "1kB",
            [("a", 600, 0), ("a", 400, 0), ("a", 1, 0), ("b", 5000, 0), ("b", 1, 0), ("a", 999, 0), ("a", 1, 0)]
        )
        #expect(names == ["a-00001", "a-00001", "a-00002", "b-00001", "b-00002", "a-00002", "a-00003"])
    }

    @Test func theClockEndsAPart() throws {
        let names = try next(
            "1h",
            [("a", 1, 3599), ("a", 9_999_999, 3599), ("a", 1, 3600), ("a", 1, 7199), ("a", 1, 90_000)]
        )
        #expect(names == ["a-00001", "a-00001", "a-00002", "a-00002", "a-00003"])
    }

    @Test func aRunThatGoesOnCountsOn() throws {
        var parts = RotatedParts(try Rotation(config: ConfigNode(.text("1kB"))), PartName("a.x"))
        for (path, text) in [("d/a-00001.x", 900), ("d/a-00002.x", 400), ("d/a-00002.x", 300), ("b-00007.x", 1)] {
            parts.restore(Array(path.utf8), text: text)
        }
        #expect(try parts.next(Array("d/a.x".utf8), text: 300) == Array("d/a-00002.x".utf8))
        #expect(try parts.next(Array("d/a.x".utf8), text: 300) == Array("d/a-00003.x".utf8))
        #expect(try parts.next(Array("b.x".utf8), text: 1) == Array("b-00007.x".utf8))
    }

    /// How long the last part was open is not known.
    @Test func byTheClockARunThatGoesOnBeginsAPart() throws {
        var parts = RotatedParts(try Rotation(config: ConfigNode(.text("1h"))), PartName("a")) { 7 }
        parts.restore(Array("a-00003".utf8), text: 1)
        #expect(try parts.next(Array("a".utf8), text: 1) == Array("a-00004".utf8))
    }

    @Test func aLaterRunCountsOnBehindWhatIsThere() throws {
        let folder = try TemporaryDirectory()
        for name in ["a-00002.x", "a-00011.x", "b-00099.x", "a-1.x"] { try folder.write("", to: "d/\(name)") }
        var parts = RotatedParts(try Rotation(config: ConfigNode(.text("1kB"))), PartName("a.x"))
        parts.begin(behindThoseIn: FilePath(folder.path("")), mayBeThere: true)
        #expect(try parts.next(Array("a.x".utf8), text: 1) == Array("a-00001.x".utf8))
        #expect(try parts.next(Array("d/a.x".utf8), text: 1) == Array("d/a-00012.x".utf8))
        parts.begin(behindThoseIn: FilePath(folder.path("")), mayBeThere: false)
        #expect(throws: OutputFailure.self) { try parts.next(Array("d/b.x".utf8), text: 1) }
        #expect(throws: OutputFailure.self) { try parts.next(Array("d/b.x".utf8), text: 1) }
    }
}
