import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// What the keys of files say of units.
@Suite struct UnitFactsTests {
    private static let key = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/"
    private static let name = "111122223333_CloudTrail_us-east-1_20260131T2355Z_x.json"

    private static func facts(_ start: String, seconds: Int) -> UnitFacts {
        let time = Timestamp(rfc3339: start) ?? Timestamp(seconds: 0)
        return UnitFacts(
            account: "111122223333",
            region: "us-east-1",
            delivered: time..<time.advanced(by: .seconds(seconds))
        )
    }

    @Test func `both sources fill the facts of their units`() throws {
        let directory = try TemporaryDirectory()
        let files = ["a.json", Self.key + "\(Self.name)", Self.key + "x.json"]
        for file in files { try directory.write("{}", to: "t/" + file) }
        let expected = [
            Self.facts("2026-01-31T23:55:00Z", seconds: 60), Self.facts("2026-01-31T00:00:00Z", seconds: 86_400),
            UnitFacts(),
        ]
        var named = FileSource.Options()
        named.path = [1, 2, 0].map { InputPath(stringLiteral: directory.path("t/" + files[$0])) }
        #expect(try SourceListing(FileSource.self, named).units.map(\.facts) == expected)
        // Wherever the walk begins.
        for (root, last) in [
            ("t", 1), ("t/" + Self.key, 0), ("t/AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/", 0),
        ] {
            var options = DirectorySource.Options()
            options.path = InputTree(stringLiteral: directory.path(root))
            #expect(
                try SourceListing(DirectorySource.self, options).units.map(\.facts)
                    == Array(expected.dropLast(1 - last))
            )
        }
    }

    @Test func `a link to a folder of a tree knows where it leads`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("{}", to: "t/" + Self.key + "x.json")
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("here"),
            withDestinationPath: "t/" + Self.key
        )
        var options = DirectorySource.Options()
        options.path = InputTree(stringLiteral: directory.path("here"))
        #expect(
            try SourceListing(DirectorySource.self, options).units.map(\.facts) == [
                Self.facts("2026-01-31T00:00:00Z", seconds: 86_400)
            ]
        )
    }
}
