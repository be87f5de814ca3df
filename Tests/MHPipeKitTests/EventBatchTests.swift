import MHPipeKit
import Testing

@Suite struct EventBatchTests {
    private struct Mishap: Error {}

    private let batch = EventBatch(
        records: (0..<6).map { #"{"n":\#($0)}"# },
        origin: EventOrigin(source: "logs", unit: "a.json")
    )

    private func numbers(_ batch: EventBatch) -> [Int?] {
        batch.map { $0[FieldPath("n")]?.int }
    }

    @Test func handsOutItsEventsInOrder() {
        #expect(batch.count == 6 && batch.rowCount == 6)
        #expect(numbers(batch) == [0, 1, 2, 3, 4, 5])
        #expect(batch.map(\.row) == Array(0..<6))
        #expect(batch.map(\.number) == Array(0..<6))
        #expect(batch.allSatisfy { $0.origin == EventOrigin(source: "logs", unit: "a.json") })
        #expect(batch.map(\.json).first == #"{"n":0}"#)
    }

    @Test func keepsWhatIsWanted() {
        batch.keep { $0.row % 2 == 0 }
        batch.keep { $0.row > 0 }
        #expect(numbers(batch) == [2, 4])
        #expect(batch.count == 2 && batch.rowCount == 6)
    }

    @Test func dropsNothingWhenTheTestThrows() {
        #expect(throws: Mishap.self) {
            try batch.keep { event in
                guard event.row < 3 else { throw Mishap() }
                return false
            }
        }
        #expect(batch.count == 6)
    }

    @Test func droppingDoesNotDisturbAWalk() {
        var seen: [Int] = []
        for event in batch {
            seen.append(event.row)
            batch.keep { $0.row > event.row + 1 }
        }
        #expect(seen == Array(0..<6))
        #expect(batch.count == 0)
    }

    @Test func aForkDropsAndAddsForItself() {
        batch.keep { $0.row != 5 }
        batch.addColumn("both").set(.int(1), row: 0)
        let fork = batch.fork()
        fork.keep { $0.row < 2 }
        fork.addColumn("fork").set(.int(2), row: 0)
        batch.addColumn("both").set(.int(3), row: 0)
        #expect(numbers(batch) == [0, 1, 2, 3, 4])
        #expect(numbers(fork) == [0, 1])
        #expect(batch.columns.map(\.name) == ["both"])
        #expect(fork.columns.map(\.name) == ["both", "fork"])
        #expect(batch.map { $0[FieldPath("both")]?.int }.first == 3)
        #expect(fork.map { $0[FieldPath("both")]?.int }.first == 1)
        #expect(fork.origin == batch.origin)
    }

    @Test func aColumnThatIsAddedAgainTakesTheLastPlace() {
        batch.addColumn("a").set(.int(1), row: 0)
        batch.addColumn("b").set(.int(2), row: 0)
        let again = batch.addColumn("a", members: ["x"])
        #expect(batch.columns.map(\.name) == ["b", "a"])
        #expect(batch.columns.last === again)
        #expect(!again.isSet(row: 0))
    }

    @Test(arguments: [
        "", "[1]", "7", #"{"a":}"#, #"{"a":1"#, #"{"a":"b}"#, "{\"a\":\"\u{1}\"}", #"{"a":"\x"}"#, "{} {}",
    ])
    func leavesOutWhatIsNoRecord(text: String) {
        let batch = EventBatch(records: [#"{"n":0}"#, text, #"{"n":2}"#])
        #expect(numbers(batch) == [0, 2])
    }

    @Test func aBatchWithoutRecordsHasNone() {
        let batch = EventBatch(records: [])
        #expect(batch.count == 0 && batch.rowCount == 0)
        #expect(batch.map(\.row) == [])
        batch.keep { _ in true }
        #expect(batch.addColumn("a").name == "a")
    }
}
