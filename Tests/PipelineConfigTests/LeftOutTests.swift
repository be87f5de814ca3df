import MHPipeBuiltins
import MHPipeKit
import Testing

@testable import PipelineConfig

/// What leaves events out above `resolve_roles`, which may be those that tell who stands behind a session.
@Suite struct LeftOutTests {
    @Test(arguments: [
        ("accounts: ['111122223333']", "", "source 's' on line 1 leaves out events by 'accounts'"),
        ("regions: [us-east-1]", "", "source 's' on line 1 leaves out events by 'regions'"),
        ("since: 7d", "", "source 's' on line 1 leaves out events by 'since'"),
        ("accounts: ['111122223333'], since: 7d", "", "leaves out events by 'accounts', 'since'"),
        ("", "f: {type: filter, where: readOnly}", "transform 'f' on line 2 leaves out events"),
        ("", "f: {type: filter, field: errorCode, exists: true}", "transform 'f' on line 2 leaves out events"),
        ("", "f: {type: sample, rate: 0.1}", "transform 'f' on line 2 leaves out events"),
        ("", "f: {type: migration_hub}", "transform 'f' on line 2 leaves out events"),
        ("", "r: {type: route, ports: {a: readOnly}}, f: {type: call, inputs: r.a}", "transform 'r' on line 2"),
        (
            "", "r: {type: route, ports: {a: readOnly}, else: b}, f: {type: call, inputs: r.a}",
            "transform 'r' on line 2"
        ),
        ("until: 2026-05", "", nil), ("", "f: {type: dedupe}", nil), ("", "f: {type: sample, rate: 1}", nil),
        ("", "f: {type: migration_hub, keep_others: true}", nil), ("", "f: {type: identity}", nil),
        ("", "r: {type: route, ports: {a: readOnly}, else: b}, f: {type: call, inputs: [r.a, r.b]}", nil),
    ])
    func isSaid(selection: String, transforms: String, message: String?) {
        let rest = "{type: jsonl, path: '-'}"
        let text = """
            sources: {s: {type: directory, path: logs\(selection.isEmpty ? "" : ", " + selection)}}
            transforms: {\(transforms.isEmpty ? "" : transforms + ", ")who: {type: resolve_roles}}
            sinks: {o: \(rest)\(transforms.contains("else: b") ? ", p: \(rest.dropLast()), inputs: r.b}" : "")}
            """
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: .builtin, variables: [:])
        let said = checked.diagnostics.filter { $0.message.contains("'who' may not tell who stands behind a session") }
        #expect(said.count == (message == nil ? 0 : 1), "\(checked.diagnostics.map(\.message))")
        #expect(said.allSatisfy { $0.severity == .warning && $0.message.contains(message ?? "") }, "\(said)")
    }

    @Test func belowItIsNoMatter() {
        let text = """
            sources: {s: {type: directory, path: logs}}
            transforms: {who: {type: resolve_roles}, f: {type: filter, where: readOnly}}
            sinks: {o: {type: jsonl, path: '-'}}
            """
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: .builtin, variables: [:])
        #expect(checked.diagnostics.allSatisfy { !$0.message.contains("'who'") })
    }
}
