import Foundation
import MHPipeTestSupport
import Testing

/// What `docs/service` offers for systemd and cron.
struct ServiceFilesTests {
    private static let folder = Repository.root.appending(path: "docs/service")

    /// An unknown key is only a message to systemd-analyze, so nothing may be said at all.
    @Test func systemdTakesTheUnit() throws {
        guard let systemd = ExternalProgram("systemd-analyze") else { return }
        let folder = try TemporaryDirectory()
        let unit = try String(contentsOf: Self.folder.appending(path: "mhpipe-watch.service"), encoding: .utf8)
        #expect(unit.contains("ExecStart=/usr/local/bin/mhpipe "))
        // The command has to be there, and systemd takes no path with a space.
        let link = "/tmp/mhpipe-\(UUID().uuidString)"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: Mhpipe.path)
        defer { try? FileManager.default.removeItem(atPath: link) }
        func verify(_ text: String) throws -> ExternalProgram.Result {
            let file = try folder.write(
                text.replacingOccurrences(of: "/usr/local/bin/mhpipe", with: link),
                to: "mhpipe-watch.service"
            )
            return try systemd.run(["verify", file])
        }
        let result = try verify(unit)
        #expect(result.status == 0 && result.errors.isEmpty && result.output.isEmpty, "\(result.errors)")
        let wrong = try verify(unit.replacingOccurrences(of: "TimeoutStopSec=", with: "TimeoutStopsec="))
        #expect(!wrong.errors.isEmpty)
    }

    /// Five fields of time, a user, and a command that is there; no line but comments and settings beside it.
    @Test func cronTakesTheLine() throws {
        let text = try String(contentsOf: Self.folder.appending(path: "mhpipe-nightly.cron"), encoding: .utf8)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.contains(#/^[A-Z]+=/#) }
        let line = try #require(lines.first)
        #expect(lines.count == 1 && text.hasSuffix("\n"))
        #expect(line.split(separator: " ").dropFirst(5).first == "mhpipe")
        #expect(!line.contains("%"), "cron makes a line end of it")
    }
}
