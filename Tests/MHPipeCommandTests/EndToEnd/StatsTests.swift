import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// `mhpipe stats`: what is in a trail, counted in one pass.
@Suite struct StatsTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        let later = Trail.otherCall.replacingOccurrences(of: "2024-05-01", with: "2024-05-04")
        try folder.write(Trail.file([Trail.hubCall, Trail.otherCall]), to: "logs/a.json")
        try folder.write(Trail.file([later]), to: "logs/b.json")
    }

    private func facet(_ key: String, _ text: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return try #require((object?["facets"] as? [String: Any])?[key] as? [String: Any])
    }

    @Test func theTableHasCountsBarsAndGaps() throws {
        let result = try mhpipe.run("stats", "logs", "--quiet")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.text.hasPrefix("3 events\n"))
        #expect(result.text.contains("\nServices (2)\n  s3.amazonaws.com   2  ####"), "\(result.text)")
        #expect(result.text.contains("\nAccounts") == false)
        #expect(result.text.contains("\nDays without events\n  2024-05-02 to 2024-05-03\n"))
        #expect(result.text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func jsonHasASchemaAndAllDays() throws {
        let result = try mhpipe.run("stats", "logs", "--json", "--top", "1", "--quiet")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.text.contains("\"schema\" : 1"))
        let (days, services) = (try facet("days", result.text), try facet("services", result.text))
        #expect((days["top"] as? [Any])?.count == 2)
        #expect(services["distinct"] as? Int == 2 && services["others"] as? Int == 1)
        #expect(try facet("accounts", result.text)["missing"] as? Int == 3)
    }

    @Test func workersMakeNoDifference() throws {
        for number in 0..<40 {
            try folder.write(Trail.file([Trail.hubCall, Trail.otherCall]), to: "logs/c\(number).json")
        }
        let texts = try ["1", "2", "7"].map { try mhpipe.run("stats", "logs", "--workers", $0, "--quiet").text }
        #expect(texts[0].hasPrefix("83 events\n") && Set(texts).count == 1)
    }

    @Test func standardInputAndAReaderThatGoesAway() throws {
        let file = Trail.file([Trail.hubCall])
        #expect(try mhpipe.run("stats", "-", "--quiet", input: file).text.hasPrefix("1 event\n"))
        let result = try mhpipe.shell("\"$mhpipe\" stats logs --quiet | head -1")
        #expect(result.text == "3 events\n" && result.errors.isEmpty)
    }

    @Test func damageIsToldOf() throws {
        try folder.write("{\"Records\":[" + Trail.hubCall + ",{\"eventName\":", to: "logs/z.json")
        let result = try mhpipe.run("stats", "logs")
        #expect(result.status == 3 && result.errors.contains("z.json"))
        #expect(result.text.hasPrefix("4 events\n"), "\(result.text)")
    }

    @Test func whatIsBeyondTheBoundIsCountedTogether() {
        var counts = TrailCounts()
        counts.limit = 2
        for day in ["a", "b", "c", "a", "d"] {
            counts.count(TrailFacet.allCases.map { $0 == .region ? day : nil })
        }
        #expect(counts[.region].counts == ["a": 2, "b": 1] && counts[.region].beyond == 2)
        #expect(counts[.account].missing == 5)
        let text = StatsText(counts: counts, top: 10, width: 60).text
        #expect(text.contains("Regions (the first 2, and more)") && text.contains("(others)  2"), "\(text)")
    }

    @Test(arguments: [20, 40, 80, 200])
    func linesFitTheTerminal(width: Int) {
        var counts = TrailCounts()
        let name = String(repeating: "long", count: 50)
        for _ in 0..<1000 { counts.count(TrailFacet.allCases.map { $0 == .tool ? name + "\u{1B}[2J\n" : "x" }) }
        let text = StatsText(counts: counts, top: 3, width: width).text
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
        #expect(!text.contains("\u{1B}"))
    }
}
