import MHPipeBuiltins
import MHPipeKit
import Testing

@testable import PipelineConfig

/// Fields that are taken out above a stage which reads them without being told.
@Suite struct TakenFieldsTests {
    @Test(arguments: [
        ("remove, fields: [userIdentity]", "identity", "'userIdentity'"),
        ("remove, fields: [userIdentity.accessKeyId]", "resolve_roles", "'userIdentity'"),
        (
            "remove, fields: [responseElements, sharedEventID]", "resolve_roles",
            "'responseElements' and 'sharedEventID'"
        ),
        ("remove, fields: [responseElements.credentials]", "call", "'responseElements'"),
        ("remove, fields: [additionalEventData]", "identity", "'additionalEventData'"),
        (
            "remove, fields: [recipientAccountId, mcpEventDetails]", "identity",
            "'recipientAccountId' and 'mcpEventDetails'"
        ),
        ("rename, fields: {eventTime: time}", "sort", "'eventTime'"),
        ("select, fields: [eventName, eventTime]", "dedupe", "'eventID' and 'recipientAccountId'"),
        ("select, fields: [eventSource, eventName, readOnly]", "migration_hub", "'requestParameters'"),
        ("remove, fields: [sharedEventID]", "identity", nil), ("remove, fields: [eventID]", "call", nil),
        ("rename, fields: {eventName: name}", "dedupe", nil),
        ("select, fields: [eventID, recipientAccountId]", "dedupe", nil),
        ("identity", "dedupe", nil), ("parse_json, fields: [requestParameters.x]", "call", nil),
    ])
    func areTold(above: String, below: String, fields: String?) {
        let text = """
            sources: {s: {type: directory, path: logs}}
            transforms: {a: {type: \(above)}, b: {type: \(below)}}
            sinks: {o: {type: jsonl, path: '-'}}
            """
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: .builtin, variables: [:])
        let said = checked.diagnostics.filter { $0.message.contains("takes something away") }
        #expect(said.count == (fields == nil ? 0 : 1), "\(checked.diagnostics.map(\.message))")
        #expect(
            said.allSatisfy { $0.severity == .warning && $0.message.contains("'b' reads \(fields ?? "")") },
            "\(said)"
        )
        #expect(!checked.diagnostics.contains { $0.severity == .error }, "\(checked.diagnostics.map(\.message))")
    }

    @Test func belowItIsNoMatter() {
        let text = """
            sources: {s: {type: directory, path: logs}}
            transforms: {who: {type: identity}, r: {type: remove, fields: [userIdentity]}}
            sinks: {o: {type: jsonl, path: '-'}}
            """
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: .builtin, variables: [:])
        #expect(!checked.diagnostics.contains { $0.message.contains("takes something away") })
    }
}
