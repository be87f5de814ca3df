import MHPipeKit
import Testing

@testable import MHPipePostgreSQL

@Suite struct OptionsTests {
    private func error(_ change: (inout PostgreSQLSink.Options) throws -> Void) throws -> OptionError? {
        var options = PostgreSQLSink.Options()
        try change(&options)
        return #expect(throws: OptionError.self) { try PostgreSQLSink(options, PluginContext(stage: "test")) }
    }

    @Test(arguments: ["colour=red", "postgresql://[::1/x", "host"])
    func refusesWhatIsNoConnection(text: String) throws {
        let error = try error { $0.connection = text }
        #expect(error?.option == "connection")
        #expect(error?.message.hasPrefix("needs a connection string or URI of libpq: ") == true)
    }

    @Test(arguments: ["", "a.b.c", ".t", String(repeating: "t", count: 64), "a\0b"])
    func refusesWhatIsNoTable(name: String) throws {
        #expect(try error { $0.table = name }?.option == "table")
    }

    @Test(arguments: [
        [], ["eventName", "eventName"], ["sourceIPAddress", "source_ip_address"], [String(repeating: "x", count: 64)],
    ])
    func refusesColumnsThatCannotBe(paths: [String]) throws {
        #expect(try error { $0.columns = try paths.map { try FieldPath(parsing: $0) } }?.option == "columns")
    }

    @Test func refusesAFieldThatIsCalledLikeTheWholeRecord() throws {
        let error = try error {
            $0.columns = [FieldPath("record")]
            $0.record = true
        }
        #expect(error?.message == "names 'record' and 'record', which would be the same column 'record'")
    }

    @Test(
        arguments: [
            ("eventID", "event_id"), ("sourceIPAddress", "source_ip_address"), ("awsRegion", "aws_region"),
            ("userIdentity.sessionContext.sessionIssuer.arn", "user_identity_session_context_session_issuer_arn"),
            ("vpcEndpointId", "vpc_endpoint_id"), ("tlsDetails.tlsVersion", "tls_details_tls_version"), ("ARN", "arn"),
            ("requestParameters.instancesSet2Go", "request_parameters_instances_set2_go"),
        ]
    )
    func columnsAreNamedSoThatNobodyHasToQuoteThem(path: String, name: String) throws {
        #expect(TableColumn(try FieldPath(parsing: path)).name == name)
    }

    @Test func theDefaultColumnsAreAllThere() throws {
        #expect(TableColumn.defaultPaths.count == 36)
        #expect(try [TableColumn](TableColumn.defaultPaths, record: true).last == .record)
    }
}
