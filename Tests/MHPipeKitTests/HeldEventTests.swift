import Testing

@testable import MHPipeKit

@Suite struct HeldEventTests {
    private let records = [
        #"{"eventName":"A","userIdentity":{"type":"Root"},"n":[1, {"x":"\u0041"}]}"#,
        #"{ "eventName" : "B" , "n" : 1.10 }"#,
        #"{"n":null,"eventName":"C","eventName":"D"}"#,
        #"{}"#,
    ]

    private func batch() -> EventBatch {
        let batch = EventBatch(records: records, origin: EventOrigin(source: "logs", unit: "a.json"))
        let who = batch.addColumn("who", members: ["name", "age"])
        who.set(.string("O\"Hara"), row: 0, member: 0)
        who.set(.int(7), row: 2, member: 1)
        batch.addColumn("flag").set(.bool(true), row: 2)
        return batch
    }

    private func lines(_ batch: EventBatch) -> String {
        let output = OutputBuffer()
        JSONLines().append(batch, to: output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    @Test func aDetachedBatchIsWrittenLikeTheOneItWasMadeOf() {
        let batch = batch()
        #expect(lines(batch.detached()) == lines(batch))
        #expect(lines(batch.detached().detached()) == lines(batch))
    }

    @Test func aDetachedBatchHoldsTheSelectedEventsOnly() {
        let batch = batch()
        batch.keep { $0.row != 1 }
        let copy = batch.detached()
        #expect(copy.rowCount == 3)
        #expect(copy.map(\.number) == [0, 2, 3])
        #expect(copy.map { $0[FieldPath("eventName")]?.string } == ["A", "D", nil])
        #expect(copy.map { $0[FieldPath("who", "name")]?.string } == ["O\"Hara", nil, nil])
        #expect(copy.map { $0[FieldPath("n", "1", "x")]?.string } == ["A", nil, nil])
        #expect(lines(copy) == lines(batch))
    }

    @Test func aDetachedBatchOfNothingIsEmpty() {
        let batch = batch()
        batch.keep { _ in false }
        #expect(batch.detached().isEmpty)
        #expect(EventBatch(records: []).detached().rowCount == 0)
    }

    @Test func whatIsHeldOutlivesItsBatch() throws {
        let batch = batch()
        let held = batch.map { $0.held() }
        let whole = batch.map(\.enrichedJSON)
        batch.close()
        #expect(held.map { $0.event.enrichedJSON } == whole)
        #expect(held.map { $0.event.origin.unit } == Array(repeating: "a.json", count: 4))
        #expect(held[0].event[FieldPath("userIdentity")]?["type"]?.string == "Root")
        #expect(whole[2] == #"{"n":null,"eventName":"C","eventName":"D","who":{"age":7},"flag":true}"#)
    }

    @Test func rowsOfSeveralOriginsKeepTheirOwn() {
        let builder = BatchBuilder()
        for unit in ["a", "b", "a"] {
            builder.append(EventBatch(records: ["{}"], origin: EventOrigin(source: "s", unit: unit)), row: 0)
        }
        let batch = builder.build()
        #expect(batch.map(\.origin.unit) == ["a", "b", "a"])
        #expect(builder.build().isEmpty)
    }

    @Test(arguments: ["", "[]", "{", #"{"a":tru}"#, #"{"a":1} x"#, "{\"a\":\"\u{1}\"}", #"{"a":"\x"}"#])
    func whatIsNoRecordIsRefused(json: String) {
        let builder = BatchBuilder()
        #expect(!builder.append(json: json, origin: EventOrigin(source: "", unit: ""), number: 0))
        #expect(builder.count == 0)
    }

    @Test func aUseAfterTheCallIsNotedAndFindsNothing() {
        let uses: [(EventBatch, Event, JSONValue?) -> Bool] = [
            { _, event, _ in event.json.isEmpty },
            { _, event, _ in event.enrichedJSON.isEmpty },
            { _, event, _ in event[FieldPath("eventName")] == nil },
            { _, event, _ in event.number == 0 },
            { _, event, _ in event.held().event.json == "{}" },
            { _, _, value in value?.string == nil },
            { _, _, value in value?.json == "null" },
            { batch, _, _ in Array(batch).isEmpty },
            { batch, _, _ in batch.detached().isEmpty },
            { batch, _, _ in
                var count = 0
                batch.forEach(FieldSet([FieldPath("eventName")])) { _ in count += 1 }
                return count == 0
            },
        ]
        for (number, isEmpty) in uses.enumerated() {
            let batch = batch()
            let lifetime = batch.watchLateUse()
            let event = Event(batch: batch, row: 0)
            let value = event[FieldPath("eventName")]
            #expect(!lifetime.isUsedLate, "use \(number)")
            batch.close()
            #expect(isEmpty(batch, event, value), "use \(number)")
            #expect(lifetime.isUsedLate, "use \(number)")
        }
    }
}
