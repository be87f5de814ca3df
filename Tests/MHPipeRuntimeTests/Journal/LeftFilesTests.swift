import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// What a state knows of the files of which its runs write many.
@Suite struct LeftFilesTests {
    private let directory: TemporaryDirectory
    private let folder: StateFolder

    init() throws {
        directory = try TemporaryDirectory()
        folder = try StateFolder(directory.path("st"))
    }

    private func left(_ segments: [CommitRecord.Segment], sink: String = "days") -> LeftFiles {
        var record = CommitRecord()
        record.segments = segments
        return LeftFiles(folder, record, sink: sink, takesChanged: false)
    }

    @Test func aFileIsKnownByItsSinkItsPathAndHowItEnded() throws {
        let hash = try UnitHash()
        let units = [hash.of("a/x.csv", "7 ff", of: "days"), hash.ofWholeness]
        let segments = try CommittedUnits(folder, []).adding(units, run: 1)
        #expect(try left(segments).standing(of: "a/x.csv", "7 ff") == .asLeft)
        #expect(try left(segments).standing(of: "a/x.csv", "8 ff") == .changed)
        #expect(try left(segments).standing(of: "a/y.csv", "7 ff") == .foreign)
        #expect(try left(segments, sink: "hours").standing(of: "a/x.csv", "7 ff") == .foreign)
    }

    /// Earlier versions of mhpipe have written files that they did not put down.
    @Test func nothingIsForeignToAStateOfEarlierVersions() throws {
        let hash = try UnitHash()
        let unit = hash.of(UnitID("logs/a.json", version: "1"), of: "logs")
        let segments = try CommittedUnits(folder, []).adding([unit], run: 1)
        #expect(try left(segments).standing(of: "a/x.csv", "7 ff") == .unknown)
        #expect(try left([]).standing(of: "a/x.csv", "7 ff") == .unknown)
        let first = hash.of(UnitID("", version: "1"), of: "\0files")
        let later = try CommittedUnits(folder, segments).adding(
            [first, hash.of("a/x.csv", "8 ff", of: "days")],
            run: 2
        )
        #expect(try left(later).standing(of: "a/x.csv", "8 ff") == .asLeft)
        #expect(try left(later).standing(of: "a/y.csv", "7 ff") == .unknown)
    }
}
