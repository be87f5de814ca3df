import Foundation
import Testing

@testable import MHPipePostgreSQL

/// A PostgreSQL server of the tests' own, in a temporary folder, reached by a socket there.
///
/// A shell starts it and waits for the end of its standard input, which comes when the tests end, in whichever way; then
/// it stops the server and removes the folder.
final class TestServer: Sendable {
    /// Nil where no server is installed.
    static let shared: TestServer? = {
        guard let programs else {
            print("note: no PostgreSQL server is installed; the tests that write to one have nothing to do")
            return nil
        }
        return TestServer(programs)
    }()

    /// The folder of the socket.
    let folder: String
    private let input: Pipe

    private init?(_ programs: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", Self.script, "sh", programs]
        if geteuid() == 0 {
            // The server refuses to run as root; Debian's package makes this user.
            process.executableURL = URL(filePath: "/usr/bin/setpriv")
            process.arguments =
                ["--reuid=postgres", "--regid=postgres", "--clear-groups", "/bin/sh"] + (process.arguments ?? [])
        }
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.currentDirectoryURL = URL(filePath: "/")
        guard (try? process.run()) != nil else { return nil }
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let byte = output.fileHandleForReading.readData(ofLength: 1)
            if byte.isEmpty {
                Issue.record("the PostgreSQL server does not start; standard error says why")
                return nil
            }
            line += byte
        }
        folder = String(decoding: line.dropLast(), as: UTF8.self)
        self.input = input
    }

    private static let script = """
        set -eu
        # Not in TMPDIR: the path of a socket is 107 bytes at most, and another user has to reach it.
        folder=$(mktemp -d /tmp/mhpipe-postgresql.XXXXXX)
        stop() { "$1/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || :; rm -rf "$folder"; }
        trap 'stop "$1"' EXIT
        "$1/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null
        { echo 'local all locked scram-sha-256'; cat "$folder/data/pg_hba.conf"; } >"$folder/hba"
        cp "$folder/hba" "$folder/data/pg_hba.conf"
        "$1/pg_ctl" -D "$folder/data" -l "$folder/log" -w \\
            -o "-k $folder -c listen_addresses= -c fsync=off -c autovacuum=off" start >/dev/null
        echo "$folder"
        cat >/dev/null
        """

    /// The folder of the newest server's programs; Debian does not put them into PATH.
    private static let programs: String? = {
        let files = FileManager.default
        let versions = ((try? files.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? [])
            .sorted { $0.localizedStandardCompare($1) == .orderedDescending }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = versions.map { "/usr/lib/postgresql/\($0)/bin" } + path.split(separator: ":").map(String.init)
        return folders.first { folder in
            ["initdb", "pg_ctl", "postgres"].allSatisfy { files.isExecutableFile(atPath: "\(folder)/\($0)") }
        }
    }()

    /// The connection string of the database that the server begins with.
    var connection: String { "host=\(folder) user=postgres dbname=postgres" }

    /// A connection to look at what is there.
    func connect() throws -> ServerConnection {
        try ServerConnection(connection)
    }
}

/// A table of one test, removed at its end.
final class TestTable {
    let server: TestServer
    let name: String
    let connection: ServerConnection

    init(_ server: TestServer, create definition: String? = nil) throws {
        self.server = server
        name = "t" + UUID().uuidString.replacing("-", with: "").lowercased()
        connection = try server.connect()
        if let definition { try connection.run("CREATE TABLE \(name) (\(definition))") }
    }

    deinit {
        _ = try? connection.run("DROP TABLE IF EXISTS \(name)")
    }

    func rows(_ list: String, _ rest: String = "ORDER BY event_id") throws -> [[String?]] {
        try connection.run("SET timezone = 'UTC'; SELECT \(list) FROM \(name) \(rest)")
    }

    func count() throws -> Int {
        let text = try rows("count(*)", "").first?.first ?? nil
        return try #require(text.flatMap { Int($0) })
    }

    func exists() throws -> Bool {
        try connection.run("SELECT to_regclass('\(name)') IS NOT NULL") == [["t"]]
    }
}
