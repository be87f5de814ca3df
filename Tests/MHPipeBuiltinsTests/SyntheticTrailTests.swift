import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins
@testable import MHPipeSynthetic

/// Runs the transforms over the synthetic trail and compares with what its generator counted.
@Suite struct SyntheticTrailTests {
    private struct Totals: Decodable {
        let events: Int
        let mgh_events: Int
        let identity_types: [String: Int]
        let event_sources: [String: Int]
    }

    private struct Truth: Decodable, Hashable {
        let file: String
        let index: Int
        let eventName: String
    }

    @Test(.enabled(if: Repository.sharedData != nil))
    func migrationHubKeepsWhatTheGeneratorListed() throws {
        let folder = try #require(Repository.sharedData)
        let lines = try String(contentsOf: folder.appending(path: "synthetic-small.truth.jsonl"), encoding: .utf8)
        let truth = try lines.split(separator: "\n").map { try JSONDecoder().decode(Truth.self, from: Data($0.utf8)) }
        let run = try TransformRun(MigrationHubTransform.self)
        var found: Set<Truth> = []
        for (file, records) in try Self.trail.get() {
            let batch = try run.batch(records)
            for event in batch {
                let name = event[FieldPath("migration", "action")]?.string ?? ""
                found.insert(Truth(file: file, index: event.number, eventName: name))
            }
        }
        #expect(found == Set(truth))
    }

    @Test(.enabled(if: Repository.sharedData != nil))
    func identityAndFilterCountWhatTheGeneratorCounted() throws {
        let folder = try #require(Repository.sharedData)
        let json = try Data(contentsOf: folder.appending(path: "synthetic-small.totals.json"))
        let totals = try JSONDecoder().decode(Totals.self, from: json)
        let identity = try TransformRun(IdentityTransform.self)
        let users = try TransformRun(
            FilterTransform.self,
            ["field": .text("identity.kind"), "any_of": .texts("iam_user", "root")]
        )
        let ec2 = try TransformRun(
            FilterTransform.self,
            ["field": .text("eventSource"), "matches": .text(#"^ec2\."#)]
        )
        // The generator repeats some events, and counts them once.
        var kinds: [String: String] = [:]
        var events = 0
        var usersFound: Set<String> = []
        var ec2Found: Set<String> = []
        for (_, records) in try Self.trail.get() {
            let batch = try identity.batch(records)
            events += batch.count
            for event in batch { kinds[Self.id(event)] = event[FieldPath("identity", "kind")]?.string }
            try users.apply(to: batch)
            usersFound.formUnion(batch.map(Self.id))
            ec2Found.formUnion(try ec2.batch(records).map(Self.id))
        }
        #expect(events == totals.events)
        let counts = kinds.values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        let types = totals.identity_types
        #expect(counts["role"] == types["AssumedRole"])
        #expect(counts["cross_account"] == types["AWSAccount"])
        #expect(counts["identity_center"] == types["IdentityCenterUser"])
        #expect(counts["federated_user"] == types["FederatedUser"])
        #expect(counts["unknown"] == types["Unknown"])
        #expect(counts["federated_sign_in"] == (types["SAMLUser"] ?? 0) + (types["WebIdentityUser"] ?? 0))
        // The events without type are service events.
        #expect(counts["service"] == (types["AWSService"] ?? 0) + (types["None"] ?? 0))
        #expect(usersFound.count == (types["IAMUser"] ?? 0) + (types["Root"] ?? 0))
        #expect(ec2Found.count == totals.event_sources["ec2.amazonaws.com"])
    }

    private static func id(_ event: Event) -> String {
        event[FieldPath("eventID")]?.string ?? ""
    }

    /// The records of each file of the synthetic trail, by the file's path as the generator writes it.
    private static let trail = Result { try readTrail() }

    private static func readTrail() throws -> [(String, [String])] {
        guard let root = Repository.sharedData?.appending(path: "synthetic-small") else { return [] }
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path(percentEncoded: false)).sorted()
        return try paths.filter { $0.hasSuffix(".json.gz") }.map { path in
            let json = try decompressed(root.appending(path: path).path(percentEncoded: false))
            let file = try #require(JSONValue(parsing: json))
            return (path, file["Records"]?.elements.map(\.json) ?? [])
        }
    }

    private static func decompressed(_ path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
