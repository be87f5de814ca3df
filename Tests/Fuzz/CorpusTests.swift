import Foundation
import MHPipeTestSupport
import Testing

/// The targets of `make fuzz` on their corpus, and on mutations of it.
@Suite(.timeLimit(.minutes(30))) struct CorpusTests {
    @Test(arguments: FuzzTarget.allCases)
    func everythingHolds(target: FuzzTarget) throws {
        let corpus = try Self.corpus(of: target)
        try #require(!corpus.isEmpty)
        for (name, bytes) in corpus { #expect(throws: Never.self, "\(name)") { try target.run(bytes) } }
        for seed in FuzzSeeds.first(200) {
            var random = SplitMix64(seed: seed)
            let (name, bytes) = random.pick(corpus)
            let mutated = Self.mutated(bytes, random.pick(corpus).1, &random)
            #expect(throws: Never.self, "seed \(seed), from \(name)") { try target.run(mutated) }
        }
    }

    private static func corpus(of target: FuzzTarget) throws -> [(String, [UInt8])] {
        let folder = Repository.root.appending(path: "Tests/Fuzz/corpus/\(target.rawValue)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted()
        return try names.map { ($0, Array(try Data(contentsOf: folder.appending(path: $0)))) }
    }

    /// Bytes with some of them changed, left out, doubled, or replaced by a piece of another file.
    private static func mutated(_ bytes: [UInt8], _ other: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(4) where !bytes.isEmpty {
            let start = random.below(bytes.count)
            let range = start..<min(bytes.count, start + random.pick([1, 1, 4, 30]))
            switch random.below(5) {
            case 0: bytes[start] = UInt8(random.below(256))
            case 1: bytes[start] ^= 1 << UInt8(random.below(8))
            case 2: bytes.removeSubrange(range)
            case 3: bytes.insert(contentsOf: bytes[range], at: start)
            default:
                let from = random.below(other.count + 1)
                bytes.replaceSubrange(range, with: other[from...].prefix(random.pick([1, 4, 30])))
            }
        }
        return bytes
    }
}
