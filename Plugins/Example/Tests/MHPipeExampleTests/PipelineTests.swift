import Foundation
import MHPipeKit
import MHPipeRuntime
import PipelineConfig
import Testing

@testable import MHPipeExample

/// A whole pipeline, from text to files, without the command line.
@Suite struct PipelineTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "example-\(UUID().uuidString)")

    @Test(arguments: [1, 3])
    func countsTheCallsOfEachTeam(workers: Int) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try write("calls.json", call("111122223333") + call("999988887777"))
        try write("more.json", call("111122223333") + call("444455556666"))
        try write("files.txt", "\(path("calls.json"))\n# a remark\n\n\(path("more.json"))\n\(path("gone.json"))\n")

        let checked = PipelineFile.check(SourceText(name: "test.conf", text: pipeline), plugins: Main.plugins)
        #expect(checked.diagnostics.isEmpty)
        var plan = try #require(checked.plan)
        plan.settings.workers = workers
        let report = try PipelineRun(plan).run()

        #expect(report.files == 2)
        #expect(report.unreadable == 1)
        #expect(report.eventsIn == 4)
        #expect(report.eventsFiltered == 1)
        #expect(try String(contentsOfFile: path("calls.tsv"), encoding: .utf8) == "2\t\"payments\"\n1\t\"shipping\"\n")
        #expect(!FileManager.default.fileExists(atPath: path("calls.tsv.part")))
    }

    @Test func thePipelineOfThePackageIsRight() throws {
        let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        let text = try String(contentsOf: package.appending(path: "pipeline.conf"), encoding: .utf8)
        let checked = PipelineFile.check(SourceText(name: "pipeline.conf", text: text), plugins: Main.plugins)
        #expect(checked.plan != nil, "\(checked.diagnostics)")
    }

    private var pipeline: String {
        """
        sources:
          logs: { type: manifest, path: "\(path("files.txt"))" }
        transforms:
          team:
            type: tag_team
            teams: { "111122223333": payments, "444455556666": shipping }
            owned_only: true
        sinks:
          calls: { type: tally, field: team, path: "\(path("calls.tsv"))" }
        """
    }

    private func call(_ account: String) -> String {
        #"{"eventVersion":"1.08","eventName":"ListMigrationTasks","recipientAccountId":"\#(account)"}"# + "\n"
    }

    private func path(_ name: String) -> String {
        folder.appending(path: name).path(percentEncoded: false)
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }
}
