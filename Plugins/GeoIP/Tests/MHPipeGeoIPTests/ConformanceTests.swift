import MHPipeGeoIP
import MHPipeKit
import MHPipeRuntime
import MHPipeTesting
import Testing

/// What must hold for any plugin holds for this one.
@Suite struct ConformanceTests {
    private static let records = [
        #"{"sourceIPAddress":"192.0.2.7"}"#, #"{"sourceIPAddress":"AWS Internal"}"#,
        #"{"sourceIPAddress":"2001:db8:6e1b::1"}"#, #"{"sourceIPAddress":"10.0.0.1","geo":{"country":"XX"}}"#,
        #"{"sourceIPAddress":"192.0.2.7","geo":"before"}"#, #"{"sourceIPAddress":"192\u002e0.2.7"}"#,
        #"{"sourceIPAddress":"192.0.2.7\u0000"}"#, #"{"sourceIPAddress":{"a":["192.0.2.7"]}}"#,
    ]

    @Test func keepsWhatMustHoldForAnyPlugin() throws {
        let registry = PluginRegistry(transforms: GeoIPPlugins.transforms)
        let texts = try [
            "database: \(TestDatabases.city)", "database: \(TestDatabases.owners)\nas: owner\nlanguage: en",
        ]
        var findings = PluginConformance.declarations(registry)
        for (type, text) in GeoIPPlugins.transforms.flatMap({ type in texts.map { (type, $0) } }) {
            findings += try PluginConformance.transform(type, PluginSample(text), records: Self.records) {
                plan,
                started in
                let run = PipelineRun(plan)
                started { run.cancel() }
                _ = try run.run()
            }
        }
        for finding in findings { Issue.record("\(finding)") }
    }
}
