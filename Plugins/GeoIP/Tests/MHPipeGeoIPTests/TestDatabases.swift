import Foundation

/// The databases that `write_databases.py` writes, once for all tests.
enum TestDatabases {
    static let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

    /// Looks up cities; has both kinds of addresses, and names in English and German.
    static var city: String { get throws { try path("city.mmdb") } }
    /// Looks up owners of networks.
    static var owners: String { get throws { try path("asn.mmdb") } }
    /// Has texts where MaxMind has objects.
    static var flat: String { get throws { try path("flat.mmdb") } }
    /// Has IPv4 only.
    static var ipv4: String { get throws { try path("ipv4.mmdb") } }

    /// The path of a copy of the cities that something has happened to; each kind of damage needs a name of its own.
    static func damaged(_ name: String, by damage: (inout Data) -> Void) throws -> String {
        var data = try Data(contentsOf: URL(filePath: city))
        damage(&data)
        let copy = try folder.get().appending(path: "\(name).mmdb")
        try data.write(to: copy)
        return copy.path(percentEncoded: false)
    }

    private struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private static func path(_ name: String) throws -> String {
        try folder.get().appending(path: name).path(percentEncoded: false)
    }

    private static let folder = Result {
        let folder = package.appending(path: ".build/test-databases")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let python = package.appending(path: ".venv/bin/python")
        guard FileManager.default.isExecutableFile(atPath: python.path(percentEncoded: false)) else {
            throw Failure(description: "there is no '.venv' with mmdb_writer; `make -C Plugins/GeoIP venv` makes it")
        }
        let process = Process()
        process.executableURL = python
        process.arguments = [package.appending(path: "Tests/write_databases.py"), folder].map {
            $0.path(percentEncoded: false)
        }
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "write_databases.py ended with \(process.terminationStatus)")
        }
        return folder
    }
}
