import Testing

@testable import MHPipeKit

@Suite struct AddedRowCacheTests {
    private let layout = ColumnLayout("c", members: ["text", "flag", "none"])

    private func fill(_ column: AddedColumn, _ row: Int, _ text: String) {
        column.set(.string(text), row: row, member: 0)
        column.set(.bool(row % 2 == 0), row: row, member: 1)
    }

    /// Looks a row up, and makes and keeps it where it is not known; true when it was known.
    private func use(_ cache: AddedRowCache, _ column: AddedColumn, _ row: Int, _ first: String, _ second: String)
        -> Bool
    {
        var (first, second) = (first, second)
        return first.withUTF8 { first in
            second.withUTF8 { second in
                let key = AddedRowCache.Key(first, second)
                if cache.fill(column, row, for: key) { return true }
                fill(column, row, String(decoding: first, as: UTF8.self))
                cache.keep(column, row, for: key)
                return false
            }
        }
    }

    @Test func aRowThatComesAgainIsTheSame() {
        let cache = AddedRowCache(layout)
        let batch = EventBatch(records: Array(repeating: "{}", count: 6))
        let column = batch.addColumn(layout)
        let keys = [("a \" b", "x"), ("a \" b", "x"), ("a \" b", "y"), ("", ""), ("", ""), ("a \" ", "bx")]
        let known = keys.enumerated().map { row, key in use(cache, column, row, key.0, key.1) }
        #expect(known == [false, true, false, false, true, false])
        #expect(JSONLines.objectText(of: column, row: 0) == #"{"text":"a \" b","flag":true}"#)
        #expect(JSONLines.objectText(of: column, row: 1) == JSONLines.objectText(of: column, row: 0))
        #expect(column.slice(row: 1, member: 0).string == "a \" b")
        #expect(column.slice(row: 1, member: 1).flag == true)
        #expect(column.slice(row: 1, member: 2).kind == .missing)
        #expect(JSONLines.objectText(of: column, row: 4) == #"{"text":"","flag":false}"#)
    }

    @Test func aValueThatIsSetAfterwardsCounts() {
        let cache = AddedRowCache(layout)
        let column = EventBatch(records: ["{}", "{}"]).addColumn(layout)
        for row in 0..<2 { _ = use(cache, column, row, "a", "b") }
        column.set(.int(7), row: 1, member: 2)
        #expect(JSONLines.objectText(of: column, row: 1) == #"{"text":"a","flag":true,"none":7}"#)
    }

    @Test func theNewestIsFoundByWhatAnObjectBeginsWith() {
        let cache = AddedRowCache(layout)
        let column = EventBatch(records: Array(repeating: "{}", count: 4)).addColumn(layout)
        func isNewest(_ text: String, _ second: String, _ row: Int) -> Bool {
            var (text, second) = (text, second)
            return text.withUTF8 { text in
                second.withUTF8 { cache.fillWithNewest(column, row, object: text, $0) }
            }
        }
        #expect(!isNewest(#"{"a":1},"#, "x", 0))
        #expect(!use(cache, column, 0, #"{"a":1}"#, "x"))
        #expect(isNewest(#"{"a":1},"more":2"#, "x", 1))
        #expect(!isNewest(#"{"a":1},"#, "y", 2))
        #expect(!isNewest(#"{"a":12}"#, "x", 2))
        #expect(!isNewest(#"{"a":1"#, "x", 2))
        #expect(JSONLines.objectText(of: column, row: 1) == JSONLines.objectText(of: column, row: 0))
        #expect(!column.isSet(row: 2))
    }

    /// More than fits: what is given up must stay where it is while a column points to it.
    @Test func columnsKeepWhatTheCacheGivesUp() {
        let cache = AddedRowCache(layout)
        let texts = (0..<600).map { "\($0)" + String(repeating: "t", count: 3000) }
        let columns = (0..<2).map { _ in EventBatch(records: Array(repeating: "{}", count: 1200)).addColumn(layout) }
        for column in columns {
            for (row, text) in texts.enumerated() {
                _ = use(cache, column, 2 * row, text, "")
                #expect(use(cache, column, 2 * row + 1, text, ""))
            }
        }
        for column in columns {
            for (row, text) in texts.enumerated() {
                #expect(JSONLines.objectText(of: column, row: 2 * row + 1) == #"{"text":"\#(text)","flag":true}"#)
            }
        }
    }

    @Test func aRowThatIsTooLargeIsNotKept() {
        let cache = AddedRowCache(layout)
        let column = EventBatch(records: ["{}", "{}"]).addColumn(layout)
        let text = String(repeating: "t", count: 20_000)
        #expect(!use(cache, column, 0, text, ""))
        #expect(!use(cache, column, 1, text, ""))
    }
}
