import MHPipeKit
import MHPipeTesting
import Testing

@testable import MHPipePostgreSQL

@Suite struct PostgreSQLSinkTests {
    @Test func writesEachFieldInItsType() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        let record = #"""
            {"eventID":"a1","eventTime":"2025-10-06T12:34:56Z","readOnly":true,"managementEvent":"false","sourceIPAddress":
            "Ĝ \"q\" 😀","requestParameters":{"a":[1,2.50,null],"b":"\u00e9"},"resources":[{"ARN":"x"}],
            "migration":{"percent":12.5},"errorCode":null,"userAgent":{"odd": 1}}
            """#.replacing("\n", with: "")
        try SinkRun(server, table.name, record: true).all([record])
        let types = try table.rows(
            """
            pg_typeof(event_time), pg_typeof(read_only), pg_typeof(request_parameters), pg_typeof(migration_percent),
            pg_typeof(source_ip_address), pg_typeof(event_id)
            """
        )
        #expect(types == [["timestamp with time zone", "boolean", "jsonb", "double precision", "text", "text"]])
        let values = try table.rows(
            """
            event_id, event_time, read_only, management_event, source_ip_address, request_parameters, resources->0->>'ARN',
            migration_percent, error_code, user_agent, error_message, record->>'eventID'
            """
        )
        let expected: [String?] = [
            "a1", "2025-10-06 12:34:56+00", "t", "f", #"Ĝ "q" 😀"#, #"{"a": [1, 2.50, null], "b": "é"}"#, "x", "12.5",
            nil,
            #"{"odd": 1}"#, nil, "a1",
        ]
        #expect(values == [expected])
    }

    @Test func writesAnEventOnceHoweverOftenItComes() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        let columns = ["eventID", "eventName"]
        let first = [
            #"{"eventID":"a","eventName":"Old"}"#, #"{"eventID":"b","eventName":"Same"}"#,
            #"{"eventID":"a","eventName":"New"}"#,
        ]
        try SinkRun(server, table.name, columns: columns).all(first)
        #expect(try table.rows("event_id, event_name") == [["a", "New"], ["b", "Same"]])
        try SinkRun(server, table.name, columns: columns).all(first)
        #expect(try table.rows("event_id, event_name") == [["a", "New"], ["b", "Same"]])
        try SinkRun(server, table.name, columns: columns).all([#"{"eventID":"b","eventName":"Newer"}"#])
        #expect(try table.rows("event_id, event_name") == [["a", "New"], ["b", "Newer"]])
    }

    @Test(arguments: [[], ["eventName"], ["eventID", "eventName"]])
    func writesEventsWithoutAnID(others: [String]) throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        let records = [#"{"eventName":"A"}"#, #"{"eventName":"A","eventID":""}"#, #"{"eventName":"A","eventID":null}"#]
        try SinkRun(server, table.name, columns: others.isEmpty ? nil : others).all(records)
        #expect(try table.rows("event_id, event_name") == [[nil, "A"], [nil, "A"], [nil, "A"]])
    }

    @Test func onlyTheKeyIsAllItNeeds() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        for _ in 0..<2 { try SinkRun(server, table.name, columns: ["eventID"]).all([#"{"eventID":"a"}"#]) }
        #expect(try table.rows("event_id") == [["a"]])
    }

    @Test func nothingIsSeenBeforeTheCommit() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server, create: "event_id text UNIQUE")
        let run = try SinkRun(server, table.name, columns: ["eventID"])
        try run.sink.open()
        try run.write([#"{"eventID":"a"}"#])
        #expect(try table.count() == 0)
        try run.sink.finish()
        try run.sink.finish()
        #expect(try table.count() == 0)
        try run.sink.commit()
        #expect(try table.count() == 1)
    }

    @Test(arguments: 0..<3)
    func leavesNothingWhenItIsAborted(steps: Int) throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        let run = try SinkRun(server, table.name)
        try run.sink.open()
        if steps > 0 { try run.write([#"{"eventID":"a"}"#]) }
        if steps > 1 { try run.sink.finish() }
        run.sink.abort()
        // Waits for the server to have seen the end of the other session, which holds the name until then.
        try SinkRun(server, table.name).all([#"{"eventID":"b"}"#])
        #expect(try table.rows("event_id") == [["b"]])
    }

    @Test func anAbortedRunMakesNoTable() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        let run = try SinkRun(server, table.name)
        try run.sink.open()
        try run.write([#"{"eventID":"a"}"#])
        try run.sink.finish()
        run.sink.abort()
        #expect(try !table.exists())
    }

    @Test func theEmptyRunMakesAnEmptyTable() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        try SinkRun(server, table.name).all([])
        #expect(try table.count() == 0)
    }

    @Test func howBatchesFallMakesNoDifference() throws {
        guard let server = TestServer.shared else { return }
        let records = (0..<40).map {
            #"{"eventID":"\#($0 % 30)","eventName":"Call\#($0)","requestParameters":{"n":\#($0)}}"#
        }
        func rows(_ write: (SinkRun) throws -> Void) throws -> [[String?]] {
            let table = try TestTable(server)
            let run = try SinkRun(server, table.name, record: true)
            try run.sink.open()
            try write(run)
            try run.commit()
            return try table.rows("*")
        }
        let whole = try rows { try $0.write(records) }
        #expect(whole.count == 30)
        #expect(try rows { run in for record in records { try run.write([record]) } } == whole)
        #expect(
            try rows { run in
                let encoders = (0..<8).map { _ in run.sink.makeEncoder() }
                for (index, record) in records.enumerated() { try run.write([record], encoders[index % 8]) }
            } == whole
        )
    }

    @Test func writesTheWholeRecordHoweverItIsLaidOut() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        let records = ["{\n  \"eventID\": \"a\",\r\n\t\"resources\": [\n1\n]\n}", #"{"eventID":"b"}"#, "{}"]
        try SinkRun(server, table.name, record: true).all(records)
        let expected: [[String?]] = [
            ["a", "[1]", #"{"eventID": "a", "resources": [1]}"#], ["b", nil, #"{"eventID": "b"}"#], [nil, nil, "{}"],
        ]
        #expect(try table.rows("event_id, resources, record") == expected)
    }

    @Test func writesManyRows() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        let run = try SinkRun(server, table.name, record: true)
        try run.sink.open()
        for start in stride(from: 0, to: 5000, by: 500) {
            try run.write((start..<start + 500).map { #"{"eventID":"\#($0)","eventTime":"2025-10-06T12:34:56Z"}"# })
        }
        try run.commit()
        #expect(try table.count() == 5000)
        #expect(run.warnings.isEmpty)
    }

    @Test func namesChosenColumnsThatStayedEmpty() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        let run = try SinkRun(server, table.name, columns: ["eventTime", "errorCode", "requestParameters.x"])
        try run.all([#"{"eventID":"a","eventTime":"2025-10-06T12:34:56Z"}"#, #"{"eventID":"b","errorCode":null}"#])
        #expect(
            run.warnings == [
                "the column 'errorCode' is empty: no event has that field",
                "the column 'requestParameters.x' is empty: no event has that field",
            ]
        )
    }

    @Test func keepsWhatAnyPluginDeclares() {
        // What else the suite asks of sinks is asked of files: a database has no old file, and nothing in a folder.
        let findings = PluginConformance.declarations(PluginRegistry(sinks: [PostgreSQLSink.self]))
        for finding in findings { Issue.record("\(finding)") }
    }
}
