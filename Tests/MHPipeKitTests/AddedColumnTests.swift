import MHPipeKit
import Testing

@Suite struct AddedColumnTests {
    private let batch = EventBatch(records: [#"{"a":"x\/y"}"#, #"{"b":2}"#])

    @Test func holdsValuesOfEveryKind() {
        let column = batch.addColumn("c", members: ["s", "b", "i", "d", "j", "none"])
        column.set(.string("a\"b\n"), row: 1, member: 0)
        column.set(.bool(true), row: 1, member: 1)
        column.set(.int(-7), row: 1, member: 2)
        column.set(.double(0.5), row: 1, member: 3)
        column.set(.json(#" ["x", 1] "#), row: 1, member: 4)
        column.set(.int(1), row: 1, member: 5)
        column.set(nil, row: 1, member: 5)
        #expect(JSONLines.objectText(of: column, row: 0) == "{}")
        #expect(JSONLines.objectText(of: column, row: 1) == #"{"s":"a\"b\n","b":true,"i":-7,"d":0.5,"j":["x",1]}"#)
        #expect(!column.isSet(row: 0))
        #expect(column.isSet(row: 1))
    }

    @Test func keepsLongAndManyTexts() {
        let column = batch.addColumn("c", members: (0..<2000).map { "m\($0)" })
        for member in 0..<2000 {
            column.set(.string(String(repeating: "t", count: member * 10)), row: 0, member: member)
        }
        for member in 0..<2000 { #expect(column.slice(row: 0, member: member).bytes.count == member * 10) }
    }

    @Test func keepsNormalizedTexts() {
        let column = batch.addColumn("c")
        let slice = FieldReader(FieldPath("a"), batch).slice(0)
        column.set(column.normalized(slice), row: 0)
        #expect(JSONLines.objectText(of: column, row: 0) == #""x/y""#)
        let plain = FieldReader(FieldPath("b"), batch).slice(1)
        #expect(column.normalized(plain).bytes.baseAddress == plain.bytes.baseAddress)
    }

    @Test func replacesAColumnOfTheSameName() {
        let first = batch.addColumn("c")
        let second = batch.addColumn(ColumnLayout("c"))
        #expect(batch.columns.count == 1)
        #expect(batch.columns.first === second)
        #expect(first !== second)
    }
}
