import MHPipeBuiltins
import MHPipeKit
import Testing

@testable import MHPipeCommand

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite(.timeLimit(.minutes(30)))
final class ReportTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID())").path

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func path(_ name: String) -> String { folder + "/" + name }

    private func run(_ arguments: String...) -> CommandRun { CommandRun(arguments, plugins: .builtin) }

    private func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    private static func event(_ id: String, _ source: String, _ name: String, _ time: String, _ rest: String) -> String
    {
        """
        {"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"ann","accountId":"111122223333",\
        "arn":"arn:aws:iam::111122223333:user/ann","accessKeyId":"AKIAIOSFODNN7EXAMPLE"},"eventTime":"\(time)",\
        "eventSource":"\(source).amazonaws.com","eventName":"\(name)","awsRegion":"us-east-1","eventID":"\(id)",\
        "recipientAccountId":"111122223333",\(rest)}
        """
    }

    private static let task = """
        "requestParameters":{"progressUpdateStream":"</script><b>","migrationTaskName":"server-42",\
        "task":{"status":"IN_PROGRESS","progressPercent":61},"nextUpdateSeconds":60}
        """

    private func writeTrail() throws {
        let events = [
            Self.event("1", "migrationhub", "NotifyMigrationTaskState", "2026-05-01T10:00:00Z", Self.task),
            Self.event("1", "migrationhub", "NotifyMigrationTaskState", "2026-05-01T10:00:00Z", Self.task),
            Self.event(
                "2",
                "mgn",
                "StartCutover",
                "2026-05-02T23:00:00Z",
                #""requestParameters":{"sourceServerIDs":["s-in"]}"#
            ),
            Self.event(
                "3",
                "mgn",
                "StartCutover",
                "2026-05-04T12:00:00Z",
                #""requestParameters":{"sourceServerIDs":["s-out"]}"#
            ),
            Self.event(
                "4",
                "s3",
                "GetObject",
                "2026-05-04T12:00:01Z",
                #""errorCode":"AccessDenied","errorMessage":"no""#
            ),
        ]
        try events.joined(separator: "\n").write(toFile: path("trail.jsonl"), atomically: true, encoding: .utf8)
    }

    @Test func trailAndDatabaseGiveTheSameTables() throws {
        try writeTrail()
        let trail = run("report", path("trail.jsonl"), path("a.html"), "--change-window", "Sat 22:00/Sun 06:00", "-q")
        #expect(trail.exitCode == 0, "\(trail.errors)")
        let made = run(
            "convert",
            path("trail.jsonl"),
            path("all.db"),
            "--migration",
            "--identity",
            "--origin",
            "--call",
            "-q"
        )
        #expect(made.exitCode == 0, "\(made.errors)")
        let database = run("report", path("all.db"), path("b.html"), "--change-window", "Sat 22:00/Sun 06:00")
        #expect(database.exitCode == 0, "\(database.errors)")
        func part(_ page: String) -> Substring {
            let start = page.firstRange(of: "<section id=\"migrations\"")?.lowerBound ?? page.endIndex
            let end = page.firstRange(of: "<section id=\"coverage\"")?.lowerBound ?? page.endIndex
            return page[start..<max(start, end)]
        }
        let (first, second) = (try text("a.html"), try text("b.html"))
        #expect(part(first) == part(second))
        #expect(first.contains("stale, IN_PROGRESS"))
        #expect(first.contains("61 %"))
        #expect(first.contains("&lt;/script&gt;&lt;b&gt;"))
        #expect(first.contains("1 cutover began outside of the change window"))
        #expect(first.contains("1 call failed for want of permission"))
        #expect(first.contains("1 event came more than once"))
    }

    @Test func sameTrailGivesTheSameBytes() throws {
        try writeTrail()
        for name in ["a.html", "b.html"] { #expect(run("report", path("trail.jsonl"), path(name), "-q").exitCode == 0) }
        #expect(try text("a.html") == text("b.html"))
    }

    @Test func whatIsThereStays() throws {
        try writeTrail()
        try "old".write(toFile: path("a.html"), atomically: true, encoding: .utf8)
        let refused = run("report", path("trail.jsonl"), path("a.html"))
        #expect(refused.exitCode == 2)
        #expect(refused.errors.contains("--force"))
        #expect(try text("a.html") == "old")
    }

    @Test func trailWithoutMigrationHubSaysSo() throws {
        let event = Self.event("4", "s3", "GetObject", "2026-05-04T12:00:01Z", #""errorCode":"AccessDenied""#)
        try event.write(toFile: path("trail.jsonl"), atomically: true, encoding: .utf8)
        let made = run("report", path("trail.jsonl"), path("a.html"))
        #expect(made.errors.contains("None of the events is a call of Migration Hub"))
        #expect(try text("a.html").contains("None of the events is a call of Migration Hub"))
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        try "no database".write(toFile: path("x.db"), atomically: true, encoding: .utf8)
        let refused = run("report", path("x.db"), path("a.html"))
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("cannot make a report of"))
        #expect(!FileManager.default.fileExists(atPath: path("a.html")))
    }

    @Test(arguments: ["Sat 22:00", "22:00/Sun 06:00", "25:00/26:00", "06:00/06:00", ""])
    func wrongWindowsAreRefused(window: String) throws {
        try writeTrail()
        #expect(run("report", path("trail.jsonl"), path("a.html"), "--change-window", window).exitCode == 2)
    }
}
