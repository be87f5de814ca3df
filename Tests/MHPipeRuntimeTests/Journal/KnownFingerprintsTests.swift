import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// What a transform knows from run to run.
@Suite struct KnownFingerprintsTests {
    private let directory: TemporaryDirectory
    private let folder: StateFolder

    init() throws {
        directory = try TemporaryDirectory()
        folder = try StateFolder(directory.path("st"))
    }

    /// One of few first halves, for each number with a zero at its end.
    private static func fingerprint(_ number: UInt64) -> KeptFingerprint {
        KeptFingerprint(high: number % 10 == 0 ? 77 : number &* 0x9E37_79B9_7F4A_7C15, low: number)
    }

    private func kept(_ numbers: some Sequence<UInt64>, texts: String = "") -> KeptFingerprints {
        KeptFingerprints(head: [1], fingerprints: numbers.map(Self.fingerprint), texts: Array(texts.utf8))
    }

    private func known(_ record: CommitRecord.Known) throws -> KnownFingerprints {
        try KnownFingerprints(folder, stage: "once", record)
    }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path("st")).filter { $0.hasPrefix("kept-") }
    }

    /// Against a set, over many runs of all sizes, with filters and without.
    @Test(arguments: [0, 20_000, .max]) func allThatRunsHaveKeptIsFound(filterBytes: Int) throws {
        var random = SplitMix64(seed: 5)
        var all: Set<UInt64> = []
        var record = CommitRecord.Known()
        for run in 1...40 {
            let numbers = (0..<[0, 1, 3, 200, 1500].randomElement(using: &random)!).map { _ in
                UInt64.random(in: 0..<20_000, using: &random)
            }
            let new = Set(numbers).subtracting(all)
            all.formUnion(new)
            record = try known(record).adding(kept(new), run: run)
        }
        #expect(record.segments.count < 6 && record.segments.reduce(0) { $0 + $1.count } == all.count)
        let set = try known(record)
        #expect(try set.useFilters(ofAtMost: filterBytes) <= filterBytes)
        for number in 0..<20_000 as Range<UInt64> {
            let asked = Self.fingerprint(number)
            #expect(try set.find(asked.high, low: asked.low) == (all.contains(number) ? number : nil))
            if number % 10 > 0 { #expect(try set.find(asked.high, low: nil) == (all.contains(number) ? number : nil)) }
        }
        #expect(try set.find(77, low: nil) != nil)
        #expect(set.head == [1])
    }

    @Test func whatARunHasLearnedCanBeWrittenAgain() throws {
        let first = try known(.init()).adding(kept(0..<500, texts: "one"), run: 1)
        // The end of a commit that was cut.
        _ = try known(first).adding(kept(500..<510, texts: "x and more"), run: 2)
        let second = try known(first).adding(kept(500..<600, texts: "two"), run: 2)
        #expect(second.segments == [.init(run: 2, count: 600)] && second.textBytes == 6)
        let set = try known(second)
        #expect(try set.text(6, at: 0) == Array("onetwo".utf8))
        #expect(throws: StageError.self) { try set.text(4, at: 3) }
        #expect(throws: StageError.self) { try set.text(-1, at: 3) }
        for number in 0..<600 as Range<UInt64> {
            #expect(try set.find(Self.fingerprint(number).high, low: number) == number)
        }
        var record = CommitRecord()
        record.known = ["once": second]
        try folder.write(record)
        #expect(try files().count == 2)
    }

    /// What is added lies behind them, and a hole would be taken for texts.
    @Test func textsThatAreCutOrGoneAreTold() throws {
        let record = try known(.init()).adding(kept(0..<3, texts: "three texts"), run: 1)
        let file = try #require(try files().first { !$0.contains(".1") })
        let texts = try directory.read("st/\(file)")
        #expect(String(decoding: texts, as: UTF8.self) == "three texts")
        try directory.write(texts.dropLast(), to: "st/\(file)")
        #expect(throws: StageError.self) { try known(record) }
        try FileManager.default.removeItem(atPath: directory.path("st/\(file)"))
        #expect(throws: StageError.self) { try known(record) }
        try directory.write(texts + Data("of a commit that was cut".utf8), to: "st/\(file)")
        #expect(try known(record).text(5, at: 0) == Array("three".utf8))
    }

    /// When it is opened, or when what is damaged is asked for; a merge never passes it on.
    @Test func everyDamageIsTold() throws {
        let record = try known(.init()).adding(kept(0..<300), run: 1)
        let file = try #require(try files().first)
        let data = [UInt8](try directory.read("st/\(file)"))
        func expectTold(_ damage: [UInt8], _ place: String) throws {
            try directory.write(Data(damage), to: "st/\(file)")
            func isTold(_ body: () throws -> Void) -> Bool {
                do { try body() } catch { return "\(error)".contains("'\(folder.shown(file))' is damaged") }
                return false
            }
            #expect(
                isTold {
                    let set = try known(record)
                    _ = try set.useFilters(ofAtMost: .max)
                    for number in 0..<300 as Range<UInt64> {
                        _ = try set.find(Self.fingerprint(number).high, low: number)
                    }
                },
                "\(place)"
            )
            // The filter is made anew by a merge, of what it reads.
            let filter = 16 + 300 * 16..<16 + 300 * 16 + 256
            let isOfFilter = damage.count == data.count && Array(damage[filter]) != Array(data[filter])
            #expect(isTold { _ = try known(record).adding(kept(1000..<1040), run: 2) } != isOfFilter, "\(place)")
        }
        for place in Array(data.indices.prefix(20)) + stride(from: 20, to: 4816, by: 31) + (4816..<data.count) {
            var other = data
            other[place] ^= 1
            try expectTold(other, "byte \(place) of \(data.count)")
        }
        for count in stride(from: 0, to: data.count, by: 7) { try expectTold(Array(data[..<count]), "cut at \(count)") }
        try expectTold(data + [0], "a byte more")
        try directory.write(Data(data), to: "st/\(file)")
        #expect(throws: Never.self) { try known(record) }
    }

    /// The index and the filter of each page come on top of 16 bytes.
    @Test func aMillionFingerprintsTakeSeventeenBytesEach() throws {
        let count = 1_000_000
        var writer = try KnownSegmentWriter(folder, "kept-6f6e6365.1", most: count)
        for number in 0..<UInt64(count) { try writer.append(KeptFingerprint(high: number << 40, low: number)) }
        try writer.finish()
        let size = try directory.read("st/kept-6f6e6365.1").count
        #expect(size < count * 1708 / 100)
        let record = CommitRecord.Known(segments: [.init(run: 1, count: count)])
        let set = try known(record)
        for number in stride(from: 0, to: UInt64(count), by: 9973) {
            #expect(try set.find(number << 40, low: nil) == number)
            #expect(try set.find(number << 40 | 1, low: nil) == nil)
        }
    }

    /// The mhpipe that a stopped run waits for reads no other.
    @Test func aStateWithAStoppedRunOfAnotherVersionStaysAsItIs() throws {
        var plan = PipelinePlan(name: "test")
        plan.transforms = [Stage("once", KeepingTransform.self, NoOptions(), inputs: [])]
        var record = CommitRecord()
        (record.run, record.pipeline) = (1, "8f0c")
        record.stages["once"] = try KeptStates(folder, stage: "once", length: 0).appending([1, 2])
        try folder.write(record)
        var stopped = JournalRecord()
        stopped.run = "another"
        try folder.openUnits(behind: 0)
        try folder.write(stopped, units: [], states: [:])
        var settings = StateSettings(folder: directory.path("st"), identity: "mine")
        (settings.appends, settings.pipeline) = (true, "8f0c")
        #expect(throws: StageError.self) { try KeptState(settings, plan, folder) }
        #expect(try folder.committed() == record)
        settings.restarts = true
        _ = try KeptState(settings, plan, folder)
        #expect(try folder.committed()?.known["once"] != nil)
    }

    /// A state that an earlier mhpipe has written, as states of runs one behind the other.
    @Test func statesOfEarlierVersionsAreTakenOver() throws {
        var plan = PipelinePlan(name: "test")
        plan.transforms = [Stage("once", KeepingTransform.self, NoOptions(), inputs: [])]
        var record = CommitRecord()
        (record.run, record.pipeline) = (3, "8f0c")
        for state in [[1, 2, 3], [], [4]] as [[UInt8]] {
            let states = KeptStates(folder, stage: "once", length: record.stages["once"] ?? 0)
            record.stages["once"] = try states.appending(state)
        }
        try folder.write(record)
        let converted = try CommittedRuns.converting(record, plan, in: folder)
        #expect(try folder.committed() == converted)
        #expect(converted.stages.isEmpty && converted.known["once"]?.textBytes == 4)
        let set = try known(try #require(converted.known["once"]))
        for number in 0..<9 as Range<UInt64> {
            #expect(try set.find(number << 32, low: number) == ((1...4).contains(number) ? number : nil))
        }
        #expect(try set.text(4, at: 0) == [1, 2, 3, 4])
        #expect(try files().count == 2)
        #expect(try CommittedRuns.converting(converted, plan, in: folder) == converted)
    }
}

/// Keeps each byte of its state, as a fingerprint and as a text.
private struct KeepingTransform: FingerprintKeeping {
    static let name = "keeping"
    static let summary = "Keeps bytes."

    init() {}
    init(_ options: NoOptions, _ context: PluginContext) {}

    static func spansRuns(_ options: NoOptions) -> Bool { true }

    static func kept(_ state: [UInt8]) throws -> KeptFingerprints {
        KeptFingerprints(
            head: [],
            fingerprints: state.map { KeptFingerprint(high: UInt64($0) << 32, low: UInt64($0)) },
            texts: state
        )
    }

    mutating func beginRun(behind earlier: any EarlierFingerprints) {}
    mutating func process(_ batch: EventBatch, into output: EventOutput) {}
    func save(into state: OutputBuffer) {}
    mutating func restore(_ state: Span<UInt8>) {}
}
