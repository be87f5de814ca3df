import MHPipeKit
import MHPipePlan
import Testing

@testable import MHPipeRuntime

@Suite struct JournalRecordTests {
    private static let record: JournalRecord = {
        var record = JournalRecord()
        record.run = "8f0c"
        record.started = "2026-05-01T02:15:00.25Z"
        record.units = 120
        record.counts = [1, 0, 33]
        record.sinks = [0: Checkpoint(token: [0, 255, 16]), 1: Checkpoint(token: [])]
        record.quarantine = Checkpoint(token: Array("3 a0 part".utf8))
        record.stages = [2: 7]
        return record
    }()

    @Test func whatIsWrittenIsRead() throws {
        var record = Self.record
        #expect(try JournalRecord(record.text()) == record)
        #expect(try JournalRecord(JournalRecord().text()) == JournalRecord())
        record.hasEnded = true
        #expect(try JournalRecord(record.text()) == record)
    }

    @Test func everyChangedByteIsNoticed() throws {
        var record = Self.record
        record.sinks[1] = nil
        let text = Array(try record.text().utf8)
        for place in text.indices {
            var other = text
            other[place] ^= 1
            #expect(throws: StageError.self) { try JournalRecord(String(decoding: other, as: UTF8.self)) }
        }
        for count in text.indices {
            #expect(throws: StageError.self) { try JournalRecord(String(decoding: text[..<count], as: UTF8.self)) }
        }
    }

    @Test(arguments: ["units x", "sink a 00", "sink 1 0", "stage 0 b", "units 1\nunits 2", "ended maybe", "number 0"])
    func linesThatMakeNoSenseAreDamage(lines: String) throws {
        let text = try SealedText.make("mhpipe-journal 2", ["run 8f0c", "units 0", "ended no", "counts 1", lines])
        #expect(throws: StageError.self) { try JournalRecord(text) }
    }

    @Test func anotherVersionIsNamed() {
        #expect { try JournalRecord("mhpipe-journal 3\nend 0\n") } throws: {
            ($0 as? StageError)?.message.contains("another version") == true
        }
    }

    @Test func countsComeBackAsTheyWere() {
        let plan = PipelinePlan(name: "test")
        var counts = StageCounts(plan)
        counts.files = 3
        counts.events.kept = 5
        var other = StageCounts(plan)
        let isTaken = other.take(counts.numbers)
        #expect(isTaken)
        #expect(other.numbers == counts.numbers)
        let isForeignTaken = other.take([1])
        #expect(!isForeignTaken)
    }
}
