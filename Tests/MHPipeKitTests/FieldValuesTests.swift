import MHPipeKit
import Testing

@Suite struct FieldValuesTests {
    private let fields = FieldSet([
        FieldPath("eventName"), FieldPath("n"), FieldPath("userIdentity", "flag"), FieldPath("who", "name"),
    ])
    private let batch = EventBatch(records: [
        #"{"eventName":"A\u0042\n","n":12,"userIdentity":{"flag":true}}"#,
        #"{"eventName":null,"n":1.5,"userIdentity":{"flag":"true"}}"#,
        #"{"n":[1, 2]}"#,
    ])

    @Test func readsValuesOfEveryKind() {
        var rows: [Int] = []
        batch.forEach(fields) { values in
            rows.append(values.row)
            switch values.row {
            case 0:
                #expect(values.string(0) == "AB\n" && values.json(0) == #""A\u0042\n""#)
                #expect(values.int(1) == 12 && values.double(1) == 12 && values.bool(2) == true)
                #expect(values.kind(3) == .missing && values.string(3) == nil && values.json(3) == "")
            case 1:
                #expect(values.isAbsent(0) && values.kind(0) == .null)
                #expect(values.int(1) == nil && values.double(1) == 1.5 && values.bool(2) == nil)
            default:
                #expect(values.json(1) == "[1,2]" && values.kind(1) == .array)
            }
        }
        #expect(rows == [0, 1, 2])
    }

    @Test func lendsTheTextOfAValue() {
        var texts: [[UInt8]] = []
        batch.forEach(fields) { values in
            for field in 0..<3 {
                values.withText(field) { text in texts.append((0..<text.count).map { text[$0] }) }
            }
        }
        let expected = ["AB\n", "12", "true", "null", "1.5", "true", "", "[1,2]", ""]
        #expect(texts.map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test func findsWhatWasAddedAndKeepsByIt() {
        let column = batch.addColumn("who", members: ["name"])
        column.set(.string("x"), row: 1)
        batch.keep(fields) { $0.string(3) == "x" }
        #expect(batch.map(\.row) == [1])
        batch.keep(fields) { _ in false }
        #expect(batch.isEmpty)
    }

    @Test func aColumnMayBeAddedWhileFieldsAreRead() {
        let names = FieldSet([FieldPath("eventName")])
        var column: AddedColumn?
        batch.forEach(names) { values in
            let added = column ?? batch.addColumn("eventName")
            column = added
            added.set(.string(values.json(0)), row: values.row)
        }
        #expect(batch.map { $0[FieldPath("eventName")]?.string } == [#""A\u0042\n""#, "null", ""])
    }

    @Test func remembersRowsByTheirKey() {
        let layout = ColumnLayout("geo", members: ["country", "city"])
        let cache = AddedRowCache(layout)
        let batch = EventBatch(records: ["a", "b", "a", "c", "c"].map { #"{"ip":"\#($0)"}"# })
        let column = batch.addColumn(layout)
        var made: [Int] = []
        batch.forEach(FieldSet([FieldPath("ip")])) { values in
            let row = values.row
            values.withText(0) { key in
                cache.fill(column, row: row, for: key) {
                    made.append(row)
                    if row < 3 { column.set(.string("of \(row)"), row: row, member: 1) }
                }
            }
        }
        #expect(made == [0, 1, 3])
        #expect(batch.map { $0[FieldPath("geo", "city")]?.string } == ["of 0", "of 1", "of 0", nil, nil])
        #expect(batch.map { $0[FieldPath("geo")] == nil } == [false, false, false, true, true])
    }
}
