import MHPipeKit

/// Adds what a table says of a field: the name of an account, the team of a role, the office of an address.
///
/// The table is read once, when the pipeline is checked. What is compared is the text of a string, and the text of a number
/// as it is written; an event without the field, or whose text is not in the table, gets nothing.
///
/// - Complexity: O(*n*) in the text for `exact`; for each length of a key likewise with `prefix` and `cidr`.
struct LookupTransform: Transform, TallyKeeping {
    static let name = "lookup"
    static let summary = "Adds what a table of CSV or JSON says of a field, such as the name of an account."

    struct Options: PluginOptions {
        var table: InputPath = ""
        var field = FieldPath("recipientAccountId")
        var column: ColumnName = ""
        var key: String?
        var values: [String]?
        var match = LookupTable.Match.exact
        /// The table, read once for all copies of these options.
        let file = TableFile()

        static let all: [Option<Options>] = [
            .required(
                "table",
                \.table,
                "The file with the table: .csv with names in its first line, .json, or .jsonl.",
                example: "accounts.csv"
            ),
            .required("field", \.field, "The field whose text is looked for.", example: "recipientAccountId"),
            .required("as", \.column, "The top-level key under which the other columns are added.", example: "account"),
            .optional(
                "key",
                \.key,
                "The column of the table that holds the keys; the first one unless named.",
                example: "account_id"
            ),
            .optional(
                "values",
                \.values,
                "The columns to add; all but the keys unless named.",
                example: "[name, team]"
            ),
            .optional(
                "match",
                \.match,
                "What a key is: the whole text, a prefix of it, or a network that an address is in; the longest counts."
            ),
        ]

        func lookupTable() throws -> LookupTable {
            try file.table(TableFile.Request(path: table.path, key: key, values: values, match: match))
        }
    }

    private let table: LookupTable
    private let layout: ColumnLayout
    private let field: FieldPath
    private let scratch = OutputBuffer()
    private let path: String
    /// The events, those of which the table says something, and those with a value of which it says nothing.
    private(set) var tally = [0, 0, 0]

    init(_ options: Options, _ context: PluginContext) throws {
        guard options.table.path != "-" else {
            throw OptionError(option: "table", "needs the path of a file; standard input is for events")
        }
        table = try options.lookupTable()
        layout = ColumnLayout(options.column.key, members: table.members.map(\.key))
        field = options.field
        path = options.table.path
    }

    static func warnings(_ options: Options) -> [OptionWarning] {
        options.column.warnings(unless: Options().column) + shortened(options)
    }

    /// Warns of account ids from which a spreadsheet has taken the zeros in front, or the last digits.
    private static func shortened(_ options: Options) -> [OptionWarning] {
        let isAccount = ["recipientAccountId", "accountId", "vpcEndpointAccountId", "account"]
            .contains(options.field.keys.last)
        let keys = isAccount ? (try? options.lookupTable())?.shortenedIDs ?? [] : []
        guard let first = keys.first else { return [] }
        let zeros = String(repeating: "0", count: max(12 - first.count, 0)) + first
        let meant = first.allSatisfy(\.isNumber) ? ": a zero in front is lost, as in '\(zeros)'" : ""
        return [
            OptionWarning(
                option: "table",
                "\(keys.count == 1 ? "a key is" : "\(keys.count) keys are") no account id of 12 digits, such as '\(first)'"
                    + meant,
                notes: ["a spreadsheet keeps all digits in a column that is formatted as text"]
            )
        ]
    }

    static func adds(_ options: Options) -> [EventField]? {
        guard !options.column.key.isEmpty else { return [] }
        return [EventField(options.column.key, (try? options.lookupTable())?.content ?? .anything)]
    }

    func remarks(_ tally: [Int]) -> [String] {
        guard tally[0] > 0, tally[1] > 0 else {
            return tally[0] == 0
                ? [] : ["adds nothing: '\(path)' has no key for what any event has as its '\(field.text)'"]
        }
        // That an address is in none of some networks is nothing to speak of.
        guard tally[2] > 0, table.isExact else { return [] }
        return ["adds nothing to \(tally[2]) of \(tally[0]) events: '\(path)' has no key for their '\(field.text)'"]
    }

    mutating func process(_ batch: EventBatch) {
        tally[0] += batch.count
        let reader = FieldReader(field, batch)
        let column = batch.addColumn(layout)
        column.keep(alive: table)
        for row in batch.selection {
            let slice = reader.slice(row)
            guard let found = find(slice) else {
                if !slice.isAbsent { tally[2] += 1 }
                continue
            }
            tally[1] += 1
            table.fill(column, row, from: found)
        }
    }

    private func find(_ slice: JSONSlice) -> Int? {
        switch slice.kind {
        case .missing, .null, .object, .array: return nil
        case .string where slice.isEscaped:
            scratch.removeAll()
            unsafe JSONText.decode(slice.bytes) { scratch.append($0) }
            return unsafe table.row(for: scratch.bytes)
        case .string, .number, .bool: return unsafe table.row(for: slice.bytes)
        }
    }
}
