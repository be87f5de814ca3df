import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// Rows that are copied by the page are those that SQLite makes of the same values in an `INSERT`.
@Suite struct SQLiteRowLoaderTests {
    private static let columns = ["eventName", "readOnly", "migration.percent", "requestParameters", "x"].map {
        OutputColumn(FieldPath(keys: $0.split(separator: ".").map(String.init)))
    }

    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test(arguments: values + integers)
    func aValueIsWhatItsColumnMakesOfIt(field: String, value: String, expected: String) throws {
        let event = field == "percent" ? #"{"migration":{"percent":\#(value)}}"# : #"{"\#(field)":\#(value)}"#
        let column = field == "percent" ? "migration_percent" : field
        let row = try loaded([event]).rows("SELECT typeof(\(column)), \(column) FROM events")
        #expect(row.map { $0.joined(separator: "|") } == [expected])
    }

    /// A field, its value, and the type and text of what the database holds.
    private static let values: [(String, String, String)] = [
        ("eventName", #""ab""#, "text|ab"),
        ("eventName", #""a\n\u00e9\"""#, "text|a\né\""),
        ("eventName", #""""#, "text|"),
        ("eventName", "true", "text|1"),
        ("eventName", "false", "text|0"),
        ("eventName", "1e2", "text|1e2"),
        ("eventName", "null", "null|"),
        ("readOnly", "true", "integer|1"),
        ("readOnly", "false", "integer|0"),
        ("readOnly", #""true""#, "text|true"),
        ("readOnly", #""1""#, "integer|1"),
        ("readOnly", #"" 7""#, "integer|7"),
        ("readOnly", "2.0", "integer|2"),
        ("readOnly", "[1]", "text|[1]"),
        ("percent", "-0.0", "integer|0"),
        ("percent", "12.5", "real|12.5"),
        ("percent", "1e3", "integer|1000"),
        ("percent", #""12.50""#, "real|12.5"),
        ("percent", #""12x""#, "text|12x"),
        ("percent", #""""#, "text|"),
        ("percent", #"{"a":1}"#, #"text|{"a":1}"#),
        ("percent", "99999999999999999999", "real|1.0e+20"),
        ("requestParameters", #""a""#, #"text|"a""#),
        ("requestParameters", "1.0", "text|1.0"),
        ("x", "1.0", "real|1.0"),
        ("x", #""1""#, "text|1"),
        ("x", "99999999999999999999", "text|99999999999999999999"),
    ]

    /// At both sides of the sizes that SQLite has for integers.
    private static let integers: [(String, String, String)] = {
        var numbers = [Int.max, Int.min]
        for bits in [7, 8, 15, 16, 23, 24, 31, 32, 47, 48, 62] {
            let power = 1 << bits
            numbers += [power - 1, power, -power, -power - 1]
        }
        return numbers.map { ("x", "\($0)", "integer|\($0)") }
    }()

    /// One row and many, both sides of what a page takes, a page's last byte, several times the memory, and more than it.
    @Test(arguments: lengths)
    func rowsOfAllSizes(lengths: [Int]) throws {
        let events = lengths.enumerated().map { number, length in
            #"{"eventName":"\#(String(repeating: "x", count: length))","x":\#(number)}"#
        }
        let database = try loaded(events)
        #expect(try database.rows("PRAGMA main.integrity_check") == [["ok"]])
        #expect(
            try database.rows("SELECT rowid, length(eventName), ltrim(eventName, 'x'), x FROM events")
                == lengths.enumerated().map { ["\($0 + 1)", "\($1)", "", "\($0)"] }
        )
    }

    private static let lengths: [[Int]] = [
        [10], [200_000], [10, 400_000, 10, 65_000, 20], Array(65_470...65_540), Array(32_700...32_780),
        Array(repeating: 0, count: 40_000), Array(repeating: 700, count: 3_000), (1...300).map { $0 * 97 % 9_000 },
        [10, 600_000, 10, 3_000_000, 700_000, 20], (1...40).map { 131_000 + $0 * 17 },
    ]

    /// Whatever is in the events, whatever the pages of the database, and behind whichever row.
    @Test(arguments: 1...4 as ClosedRange<UInt64>, [512, 16_384, 65_536])
    func rowsAreThoseOfInserts(seed: UInt64, pageSize: Int) throws {
        var random = SplitMix64(seed: seed)
        let rows = (0..<Int.random(in: 1...600, using: &random)).map { _ in
            Self.columns.map { GeneratedCell(for: $0.content, using: &random) }
        }
        let events = rows.map { cells in
            let members = zip(["eventName", "readOnly", "p", "requestParameters", "x"], cells).compactMap {
                name,
                cell in
                cell.json.map { name == "p" ? #""migration":{"percent":\#($0)}"# : #""\#(name)":\#($0)"# }
            }
            return "{\(members.joined(separator: ","))}"
        }
        let copied = try loaded(events, pageSize: pageSize, batch: Int.random(in: 1...200, using: &random))
        let inserted = try SQLiteDatabase(path: FilePath(try folder.write("", to: "inserted.db")))
        try inserted.execute("PRAGMA page_size=\(pageSize); BEGIN; \(Self.schema.createTable)")
        for cells in rows {
            try inserted.execute("INSERT INTO events VALUES (\(cells.map(\.sql).joined(separator: ",")))")
        }
        try inserted.execute("COMMIT")
        let all = Self.schema.columnNames.map { "typeof(\($0)), hex(CAST(\($0) AS BLOB))" }.joined(separator: ", ")
        #expect(
            try copied.rows("SELECT rowid, \(all) FROM events") == inserted.rows("SELECT rowid, \(all) FROM events")
        )
        #expect(try copied.rows("PRAGMA main.integrity_check") == [["ok"]])
    }

    /// A table whose statement does not fit into the first page.
    @Test func aTableWithVeryLongNames() throws {
        let columns = (0..<1_500).map { OutputColumn(FieldPath(keys: ["c\($0)" + String(repeating: "x", count: 100)])) }
        let event = #"{"\#(columns[1_499].name)":"y"}"#
        let database = try loaded(Array(repeating: event, count: 2_000), columns)
        #expect(
            try database.rows("SELECT count(\(columns[1_499].name)), max(rowid) FROM events") == [["2000", "2000"]]
        )
    }

    /// Rows go on behind those that are there, in one transaction or, as newer versions of SQLite have it, in many.
    @Test(arguments: [false, true])
    func rowsThatFollowOthers(waitsForCommits: Bool) throws {
        let events = (0..<5_000).map { #"{"x":\#($0),"eventName":"\#(String(repeating: "x", count: 300))"}"# }
        let database = try loaded(Array(events[..<1_234]))
        try database.execute("DETACH \(SQLiteRowLoader.source)")
        var loader = try Self.loader(database, Self.columns, behind: 1_234, waitsForCommits: waitsForCommits)
        try database.execute("BEGIN")
        for start in stride(from: 1_234, to: 5_000, by: 500) {
            try load(Array(events[start..<min(start + 500, 5_000)]), Self.columns, &loader)
            try loader.flush()
        }
        #expect(loader.lastRow == 5_000)
        try database.execute("COMMIT")
        #expect(try database.rows("SELECT count(*), sum(rowid = x + 1) FROM events") == [["5000", "5000"]])
        #expect(try database.rows("PRAGMA main.integrity_check") == [["ok"]])
    }

    // MARK: Loading

    private static let schema = SQLiteSchema(table: "events", columns: columns, indexes: [])

    private static func loader(
        _ database: SQLiteDatabase,
        _ columns: [OutputColumn],
        behind lastRow: Int = 0,
        waitsForCommits: Bool = false
    ) throws -> SQLiteRowLoader {
        let schema = SQLiteSchema(table: "events", columns: columns, indexes: [])
        return try SQLiteRowLoader(
            database,
            createTable: schema.createTable,
            copy: schema.copyRows(from: SQLiteRowLoader.source),
            convert: schema.convertRows(from: SQLiteRowLoader.source),
            behind: lastRow,
            waitsForCommits: waitsForCommits
        )
    }

    private func load(_ events: [String], _ columns: [OutputColumn], _ loader: inout SQLiteRowLoader) throws {
        var encoder = SQLiteRowEncoder(columns, mostBytes: SQLiteDatabase.mostBytes)
        let output = OutputBuffer()
        encoder.encode(EventBatch(records: events), into: output)
        try loader.load(output.bytes)
    }

    /// A table of the events, which come in batches.
    private func loaded(
        _ events: [String],
        _ columns: [OutputColumn] = Self.columns,
        pageSize: Int = 16_384,
        batch: Int = 1_024
    ) throws -> SQLiteDatabase {
        let database = try SQLiteDatabase(path: FilePath(try folder.write("", to: "copied.db")))
        let schema = SQLiteSchema(table: "events", columns: columns, indexes: [])
        try database.execute("PRAGMA page_size=\(pageSize); PRAGMA cache_size=-1024")
        var loader = try Self.loader(database, columns)
        try database.execute("BEGIN; \(schema.createTable)")
        for start in stride(from: 0, to: events.count, by: batch) {
            try load(Array(events[start..<min(start + batch, events.count)]), columns, &loader)
        }
        try loader.flush()
        try database.execute("COMMIT")
        return database
    }
}

/// A value of an event by chance, as JSON, and as it stands in an `INSERT`.
private struct GeneratedCell {
    /// Nil for a field that is not there.
    var json: String?
    var sql: String

    init(for content: OutputColumn.Content, using random: inout SplitMix64) {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: self.init(json: nil, sql: "NULL")
        case 1: self.init(json: "null", sql: "NULL")
        case 2:
            let isTrue = Bool.random(using: &random)
            self.init(json: "\(isTrue)", sql: content == .json ? "'\(isTrue)'" : isTrue ? "1" : "0")
        case 3, 4:
            let number = Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0..<64, using: &random)
            self.init(number: "\(number)", content)
        case 5:
            // Whole ones among them, very large ones, and those that no double holds exactly.
            let choices = ["0.5", "-12.25", "3.0", "-0.0", "1e3", "1e15", "1e18", "1.5e300", "1E-5", "0.1"]
            self.init(number: choices.randomElement(using: &random) ?? "0.5", content)
        case 6:
            let text = #"{"a":[1,"\#(String(repeating: "y", count: Int.random(in: 0...300, using: &random)))"]}"#
            self.init(json: text, sql: Self.literal(text))
        case 7:
            let choices = [
                "12", " 7", "1.50", "1e3", "-0", "0x10", "+5", "9223372036854775808", "true", "-", ".5", "nan",
            ]
            self.init(text: choices.randomElement(using: &random) ?? "12", content)
        default:
            var text = String(repeating: "z", count: Self.length(&random))
            if Bool.random(using: &random) {
                text += ["é", "\0", "\n", "\"", "\\", "😀", "'"].randomElement(using: &random) ?? ""
            }
            self.init(text: text, content)
        }
    }

    private init(json: String?, sql: String) {
        (self.json, self.sql) = (json, sql)
    }

    private init(number: String, _ content: OutputColumn.Content) {
        self.init(json: number, sql: content == .json || content == .text ? Self.literal(number) : number)
    }

    private init(text: String, _ content: OutputColumn.Content) {
        let written = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\0": #"\u0000"#
            case "\n": #"\n"#
            case "\"": #"\""#
            case "\\": #"\\"#
            default: String(scalar)
            }
        }
        let json = "\"" + written.joined() + "\""
        self.init(json: json, sql: Self.literal(content == .json ? json : text))
    }

    /// Mostly short, some at the sizes where a row no longer fits into a page, a few very long.
    private static func length(_ random: inout SplitMix64) -> Int {
        switch Int.random(in: 0..<100, using: &random) {
        case 0: Int.random(in: 100_000...700_000, using: &random)
        case 1: Int.random(in: 65_300...65_600, using: &random)
        case 2...4: Int.random(in: 300...20_000, using: &random)
        default: Int.random(in: 0...140, using: &random)
        }
    }

    private static func literal(_ text: String) -> String {
        let digits = text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        return "CAST(x'\(digits.joined())' AS TEXT)"
    }
}
