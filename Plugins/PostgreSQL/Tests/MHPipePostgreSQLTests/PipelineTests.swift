import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeRuntime
import PipelineConfig
import Testing

@testable import MHPipePostgreSQL

/// The pipeline of this package in `pipelines/`, over the sample there.
@Suite struct PipelineTests {
    private static let pipelines = URL(filePath: #filePath).appending(path: "../../../../../pipelines")
        .standardizedFileURL

    private func plan(connection: String, table: String) throws -> PipelinePlan {
        let name = "trail-to-postgresql.conf"
        let text = try String(contentsOf: Self.pipelines.appending(path: name), encoding: .utf8)
        let sample = Self.pipelines.appending(path: "sample").path(percentEncoded: false)
        let checked = PipelineFile.check(
            SourceText(name: name, text: text),
            plugins: Main.plugins,
            environment: ["LOGS": sample, "POSTGRESQL": connection, "TABLE": table]
        )
        #expect(checked.diagnostics.isEmpty, "\(checked.diagnostics)")
        return try #require(checked.plan)
    }

    @Test func isRight() throws {
        _ = try plan(connection: "postgresql:///trail", table: "cloudtrail_events")
    }

    @Test func writesTheSameRowsWithAnyNumberOfWorkers() throws {
        guard let server = TestServer.shared else { return }
        var tables: [[[String?]]] = []
        for workers in [1, 8] {
            let table = try TestTable(server)
            var plan = try plan(connection: server.connection, table: table.name)
            plan.settings.workers = workers
            for _ in 0..<2 {
                let report = try PipelineRun(plan).run()
                #expect(report.eventsIn > 0)
                #expect(try table.count() == report.eventsIn)
            }
            #expect(try table.rows("bool_and(event_time IS NOT NULL AND identity_actor <> '')", "") == [["t"]])
            tables.append(try table.rows("*"))
        }
        #expect(tables[0] == tables[1])
    }
}
