import MHPipeKit
import Testing

@testable import MHPipeBuiltins

@Suite("sample") struct SampleTransformTests {
    private static let records = (0..<20_000).map {
        #"{"eventID":"00000000-0000-4000-8000-\#(String($0))","n":\#($0)}"#
    }

    private static func kept(_ rate: String, seed: Int = 0, _ records: [String] = records) throws -> [Int] {
        try TransformRun(SampleTransform.self, ["rate": .text(rate), "seed": .text(String(seed))]).kept(records)
    }

    @Test(arguments: [("0.1", 2000), ("1/10", 2000), ("10%", 2000), ("0.5", 10_000), ("1/100", 200), ("12.5%", 2500)])
    func aboutSoMany(_ rate: String, _ expected: Int) throws {
        let count = try Self.kept(rate).count
        // Five standard deviations.
        let (count2, share) = (Double(expected), Double(expected) / 20_000)
        #expect(abs(Double(count) - count2) < 5 * (count2 * (1 - share)).squareRoot(), "\(count)")
    }

    @Test func theSameOnes() throws {
        let tenth = try Self.kept("0.1")
        #expect(try Self.kept("1/10") == tenth && Self.kept("10%") == tenth)
        #expect(try Set(Self.kept("0.01")).isSubset(of: tenth))
        #expect(try Self.kept("1") == Array(0..<20_000))
        #expect(try Self.kept("1.0").count == 20_000 && Self.kept("100%").count == 20_000)
        #expect(try Self.kept("0.1", seed: 1) != tenth)
    }

    /// The hash does not change between versions.
    @Test func theHashIsFixed() {
        let hashes = [("", 0), ("a", 0), ("a", 1)].map { text, seed in
            Array(text.utf8).withUnsafeBufferPointer { SampleTransform.hash($0, UInt64(seed)) }
        }
        #expect(hashes == Self.reference)
    }

    private static let reference: [UInt64] = [0xf52a_15e9_a9b5_e89b, 0x02c0_bdbf_4814_20f8, 0xd1ec_a9cd_c006_6f33]

    @Test func copiesAndEscapes() throws {
        let plain = Self.records.map {
            $0.replacing("0000-4000", with: #"\u0030000-4000"#).replacing(#""n":"#, with: #""m":"#)
        }
        #expect(try Self.kept("0.1", plain) == Self.kept("0.1"))
    }

    @Test func withoutAnID() throws {
        let records = (0..<2000).map { #"{"n":\#($0)}"# } + (0..<2000).map { #"{"eventID":null,"n":\#($0)}"# }
        let kept = try Self.kept("0.5", records)
        #expect((1800..<2200).contains(kept.count))
        #expect(try Self.kept("0.5", records) == kept)
    }

    @Test(arguments: ["", "0", "0.0", "0/5", "1/0", "2", "101%", "-1", "1e-2", "a", "1/2/3", "0,01", ".5.", "%"])
    func ratesThatCannotBe(_ text: String) {
        #expect(throws: OptionError.self) { try TransformRun(SampleTransform.self, ["rate": .text(text)]) }
    }
}
