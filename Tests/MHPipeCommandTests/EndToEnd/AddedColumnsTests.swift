import Foundation
import MHPipeTestSupport
import Testing

/// What stages add to events, rename or make of them has a column where nobody names columns.
@Suite struct AddedColumnsTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let transforms: String
        /// Columns and what the first row has in them.
        let cells: [String: String]
        /// True when these are all.
        var areAll = false
        var inputs = ""

        var testDescription: String { transforms }
    }

    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        let record = """
            {"eventVersion":"1.08","eventTime":"2026-05-01T10:20:00Z","eventName":"DeleteX","sourceIPAddress":"203.0.113.7",\
            "userIdentity":{"type":"IAMUser","userName":"ann","arn":"arn:aws:iam::111122223333:user/ann"},\
            "recipientAccountId":"111122223333","requestParameters":{"a":"{\\"b\\":1}"},"tlsDetails":{"cipherSuite":"c"}}
            """
        try folder.write(record + "\n", to: "in.jsonl")
        try folder.write("account,team,office\n111122223333,blue,Oslo\n", to: "t.csv")
    }

    static let cases = [
        Case(transforms: "h: {type: time_bucket, every: 1h}", cells: ["bucket": "2026-05-01T10:00:00Z"]),
        Case(transforms: "h: {type: time_bucket, every: 1h, as: hour}", cells: ["hour": "2026-05-01T10:00:00Z"]),
        Case(
            transforms: "l: {type: lookup, table: t.csv, field: recipientAccountId, as: unit}",
            cells: ["unit_team": "blue", "unit_office": "Oslo"]
        ),
        Case(
            transforms: "o: {type: resolve_roles}",
            cells: [
                "identity_origin": "arn:aws:iam::111122223333:user/ann", "identity_certainty": "certain",
                "identity_chain": #"["arn:aws:iam::111122223333:user/ann"]"#,
            ]
        ),
        Case(transforms: "i: {type: identity}", cells: ["identity_kind": "iam_user"]),
        Case(transforms: "i: {type: identity, as: caller}", cells: ["caller_kind": "iam_user", "caller_actor": "ann"]),
        Case(transforms: "c: {type: call}", cells: ["call_outcome": "success"]),
        Case(transforms: "c: {type: call, as: done}", cells: ["done_outcome": "success"]),
        Case(
            transforms: "m: {type: migration_hub, keep_others: true, as: hub}",
            cells: ["hub_action": "", "eventName": "DeleteX"]
        ),
        Case(transforms: "r: {type: rename, fields: {sourceIPAddress: ip}}", cells: ["ip": "203.0.113.7"]),
        Case(
            transforms: "r: {type: rename, fields: {userIdentity.arn: userIdentity.who, eventName: what}}",
            cells: ["userIdentity_who": "arn:aws:iam::111122223333:user/ann", "what": "DeleteX"]
        ),
        Case(
            transforms: "i: {type: identity}, r: {type: rename, fields: {identity.actor: person}}",
            cells: ["person": "ann", "identity_kind": "iam_user"]
        ),
        Case(
            transforms: "h: {type: time_bucket, every: 1h, as: hour}, r: {type: rename, fields: {hour: h}}",
            cells: ["h": "2026-05-01T10:00:00Z"]
        ),
        Case(
            transforms: "s: {type: select, fields: [eventName, tlsDetails.cipherSuite]}",
            cells: ["tlsDetails_cipherSuite": "c"]
        ),
        Case(
            transforms: "p: {type: parse_json, fields: [requestParameters.a]}",
            cells: ["requestParameters": #"{"a":{"b":1}}"#]
        ),
        Case(
            transforms: "a: {type: aggregate, by: [eventName]}",
            cells: ["eventName": "DeleteX", "count": "1"],
            areAll: true
        ),
        Case(
            transforms: """
                h: {type: time_bucket, every: 1h, as: hour}, a: {type: aggregate, by: [hour, userIdentity.userName], \
                first: [eventTime], last: [eventTime, sourceIPAddress], distinct: [eventName]}
                """,
            cells: [
                "hour": "2026-05-01T10:00:00Z", "userIdentity_userName": "ann", "count": "1",
                "first_eventTime": "2026-05-01T10:20:00Z", "last_eventTime": "2026-05-01T10:20:00Z",
                "last_sourceIPAddress": "203.0.113.7", "distinct_eventName": "1", "distinctOver": "",
            ],
            areAll: true
        ),
        Case(
            transforms: """
                a: {type: aggregate, by: [recipientAccountId], last: [eventTime]}, r: {type: rename, fields: {count: calls}}, \
                l: {type: lookup, table: t.csv, field: recipientAccountId, as: unit}, f: {type: filter, where: calls > 0}
                """,
            cells: [
                "recipientAccountId": "111122223333", "calls": "1", "last_eventTime": "2026-05-01T10:20:00Z",
                "unit_team": "blue", "unit_office": "Oslo",
            ],
            areAll: true
        ),
        Case(
            transforms: "h: {type: time_bucket, every: 1h, as: hour}, a: {type: aggregate, inputs: h, by: [hour]}",
            cells: ["hour": "2026-05-01T10:00:00Z", "count": "", "eventName": "DeleteX"],
            inputs: ", inputs: [h, a]"
        ),
    ]

    @Test(arguments: cases)
    func haveAColumnInCSV(_ example: Case) throws {
        let text = try run(example, "{type: csv, path: out.csv\(example.inputs)}", "out.csv")
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\r\n").map(Self.cells)
        #expect(lines.count == (example.inputs.isEmpty ? 2 : 3))
        let row = Dictionary(zip(lines[0], lines[1])) { first, _ in first }
        for (column, cell) in example.cells { #expect(row[column] == cell, "\(column)") }
        if example.areAll { #expect(Set(lines[0]) == Set(example.cells.keys)) } else { #expect(lines[0].count > 50) }
    }

    @Test(arguments: cases)
    func haveAColumnInSQLite(_ example: Case) throws {
        guard let sqlite = ExternalProgram("sqlite3") else { return }
        _ = try run(example, "{type: sqlite, path: out.db\(example.inputs)}", "out.db")
        for (column, cell) in example.cells {
            let rows = try sqlite.run([folder.path("out.db"), "SELECT \"\(column)\" FROM events LIMIT 1"])
            #expect(String(decoding: rows.output, as: UTF8.self) == cell + "\n", "\(column): \(rows.errors)")
        }
    }

    /// `default` stands for them too, where the column that is named besides has its own place.
    @Test func standForDefault() throws {
        let example = Case(transforms: "h: {type: time_bucket, every: 1h, as: hour}", cells: [:])
        let text = try run(example, "{type: csv, path: out.csv, columns: [hour, default]}", "out.csv")
        #expect(String(decoding: text, as: UTF8.self).hasPrefix("hour,eventTime,eventName,"))
        #expect(String(decoding: text, as: UTF8.self).contains("additionalEventData\r\n"))
    }

    @Test(arguments: [
        ("sqlite", "indexes: [hour]", 0, ""), ("sqlite", "indexes: [bucket]", 2, "'indexes' names 'bucket'"),
        ("sqlite", "indexes: [eventNmae]", 2, "did you mean 'eventName'?"),
    ])
    func areKnownToTheCheck(type: String, option: String, status: Int32, said: String) throws {
        try folder.write(
            """
            sources: {in: {type: file, path: in.jsonl}}
            transforms: {h: {type: time_bucket, every: 1h, as: hour}}
            sinks: {out: {type: \(type), path: out.db, \(option)}}
            """,
            to: "p.conf"
        )
        for command in ["check", "run"] {
            let result = try mhpipe.run(command, "p.conf")
            #expect(result.status == status, "\(result.errors)")
            #expect(said.isEmpty || result.errors.contains(said), "\(result.errors)")
        }
    }

    @Test func twoOfOneNameAreAMistakeInTheCheck() throws {
        try folder.write(
            """
            sources: {in: {type: file, path: in.jsonl}}
            transforms: {h: {type: time_bucket, every: 1h, as: EVENTTIME}}
            sinks: {out: {type: sqlite, path: out.db}}
            """,
            to: "p.conf"
        )
        let result = try mhpipe.run("check", "p.conf")
        #expect(result.status == 2)
        #expect(result.errors.contains("would be the same column"), "\(result.errors)")
    }

    private func run(_ example: Case, _ sink: String, _ output: String) throws -> Data {
        let text = """
            sources: {in: {type: file, path: in.jsonl}}
            transforms: {\(example.transforms)}
            sinks: {out: \(sink)}

            """
        try folder.write(text, to: "p.conf")
        let run = try mhpipe.run("run", "-q", "p.conf")
        #expect(run.status == 0, "\(run.errors)")
        return try folder.read(output)
    }

    /// The cells of a line whose quoted ones hold no line's end.
    private static func cells(_ line: Substring) -> [String] {
        var cells = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: break
            }
            if character != "," || isQuoted { cells[cells.count - 1].append(character) }
        }
        return cells.map { $0.hasPrefix("\"") ? String($0.dropFirst().dropLast()).replacing("\"\"", with: "\"") : $0 }
    }
}
