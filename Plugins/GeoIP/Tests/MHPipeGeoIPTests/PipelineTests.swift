import Foundation
import MHPipeBuiltins
import MHPipeGeoIP
import MHPipeKit
import MHPipePlan
import MHPipeRuntime
import PipelineConfig
import Testing

/// Whole pipelines, from text to files, without the command line.
@Suite struct PipelineTests {
    private static let plugins = PluginRegistry.builtin.adding(transforms: GeoIPPlugins.transforms)
    private let folder = FileManager.default.temporaryDirectory.appending(path: "geoip-\(UUID().uuidString)")

    @Test(arguments: [1, 3])
    func keepsTheCallsFromOneCountry(workers: Int) throws {
        let logs = folder.appending(path: "logs")
        try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let addresses = ["192.0.2.7", "s3.amazonaws.com", "198.51.100.1", "2001:db8:6e1b::1", "198.51.100.2"]
        for number in 0..<3 {
            let lines = addresses.map { #"{"eventVersion":"1.11","sourceIPAddress":"\#($0)"}"# + "\n" }
            try lines.joined().write(toFile: path("logs/\(number).jsonl"), atomically: true, encoding: .utf8)
        }
        let text = try """
        sources:
          logs: { type: directory, path: "\(path("logs"))" }
        transforms:
          place: { type: geoip, database: "\(TestDatabases.city)" }
          owner: { type: geoip, database: "\(TestDatabases.owners)", as: owner }
          home: { type: filter, field: geo.country, equals: DE }
        sinks:
          table: { type: csv, path: "\(path("out.csv"))", columns: [geo.city, geo.network, owner.asn] }
        """
        var plan = try #require(
            PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: Self.plugins).plan
        )
        plan.settings.workers = workers
        let report = try PipelineRun(plan).run()

        #expect(report.eventsIn == 15)
        #expect(report.eventsFiltered == 9)
        let table = try String(contentsOfFile: path("out.csv"), encoding: .utf8)
        let calls = "Munich,192.0.2.0/24,64496\r\n,2001:db8:6e1b::/48,\r\n"
        #expect(table == "geo_city,geo_network,owner_asn\r\n" + calls + calls + calls)
    }

    @Test func theSignInsOfTheSampleAreFoundByCountry() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let root = TestDatabases.package.appending(path: "../..").standardizedFileURL
        let text = try String(
            contentsOf: root.appending(path: "pipelines/sign-ins-by-country.conf"),
            encoding: .utf8
        )
        let checked = PipelineFile.check(
            SourceText(name: "sign-ins-by-country.conf", text: text),
            plugins: Self.plugins,
            variables: [
                "GEOIP_DATABASE": try TestDatabases.city,
                "LOGS": root.appending(path: "pipelines/sample").path(percentEncoded: false),
                "sinks.table.path": path("table.csv"),
            ]
        )
        #expect(checked.diagnostics.isEmpty)
        _ = try PipelineRun(try #require(checked.plan)).run()

        let lines = try String(contentsOfFile: path("table.csv"), encoding: .utf8).split(separator: "\r\n")
        #expect(lines.count == 2)
        #expect(lines.last?.hasSuffix(",Success,198.51.100.166,US,Denver,198.51.100.128/25") == true, "\(lines)")
    }

    @Test func aDatabaseThatIsNotThereIsNamedWithItsPlace() {
        let text = """
            sources:
              logs: { type: file, path: "-" }
            transforms:
              place:
                type: geoip
                database: nowhere.mmdb
            sinks:
              out: { type: jsonl, path: "-" }
            """
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: Self.plugins)
        #expect(checked.plan == nil)
        let errors = checked.diagnostics.filter { $0.severity == .error }
        #expect(errors.map(\.message) == ["'database' cannot be read: 'nowhere.mmdb': No such file or directory"])
        #expect(errors.first?.span == SourceSpan(line: 6, column: 15, length: 12))
    }

    private func path(_ name: String) -> String {
        folder.appending(path: name).path(percentEncoded: false)
    }
}
