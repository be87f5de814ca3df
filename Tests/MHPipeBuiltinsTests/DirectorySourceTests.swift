import Foundation
import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

@Suite struct DirectorySourceTests {
    private let directory: TemporaryDirectory
    private var tree: String { directory.path("tree") }

    init() throws {
        directory = try TemporaryDirectory()
        for name in [
            "AWSLogs/1/CloudTrail/us-east-1/a.json.gz", "AWSLogs/1/CloudTrail/us-west-2/b.json",
            "AWSLogs/1/CloudTrail-Digest/us-east-1/d.json.gz", "events.jsonl", "events.jsonl.gz", "notes.txt",
            "x.json.bak",
        ] {
            try directory.write(name, to: "tree/" + name)
        }
    }

    private func list(include: [String] = [], exclude: [String] = []) throws -> SourceListing {
        var options = DirectorySource.Options()
        options.path = InputTree(stringLiteral: tree)
        if !include.isEmpty { options.include = try include.map { try Glob($0) } }
        options.exclude = try exclude.map { try Glob($0) }
        return try SourceListing(DirectorySource.self, options)
    }

    private func below(_ listing: SourceListing) -> [String] {
        listing.names.map { String($0.dropFirst(tree.count + 1)) }
    }

    @Test func `trail files of all four endings are read, in the order of their paths`() throws {
        let listing = try list()
        let expected = [
            "AWSLogs/1/CloudTrail-Digest/us-east-1/d.json.gz", "AWSLogs/1/CloudTrail/us-east-1/a.json.gz",
            "AWSLogs/1/CloudTrail/us-west-2/b.json", "events.jsonl", "events.jsonl.gz",
        ]
        #expect(below(listing) == expected)
        #expect(listing.sizes == expected.map(\.utf8.count))
        #expect(try listing.text(3) == "events.jsonl")
        #expect(listing.warnings.isEmpty)
        #expect(listing.unreadable.isEmpty)
    }

    @Test func `include and exclude choose files`() throws {
        #expect(try below(list(include: ["*.txt", "x.*"])) == ["notes.txt", "x.json.bak"])
        #expect(
            try below(list(include: ["**/us-east-1/*"], exclude: ["CloudTrail-Digest/"])) == [
                "AWSLogs/1/CloudTrail/us-east-1/a.json.gz"
            ]
        )
        #expect(try below(list(exclude: ["AWSLogs/**", "*.gz"])) == ["events.jsonl"])
    }

    @Test func `a tree in which nothing matches is said so, with what there is`() throws {
        let listing = try list(include: ["*.csv", "*.tsv"])
        #expect(listing.units.isEmpty)
        #expect(
            listing.warnings == [
                "nothing to read: no file in '\(tree)' matches *.csv, *.tsv; 7 other files seen there, by their endings: "
                    + ".json.gz (2), .bak (1), .json (1), .jsonl (1), .jsonl.gz (1), others (1)"
            ]
        )
    }

    @Test func `links to folders are named once`() throws {
        try FileManager.default.createSymbolicLink(atPath: tree + "/loop", withDestinationPath: ".")
        #expect(try list().warnings == ["'\(tree)/loop' is a link to a folder and is not followed"])
        try FileManager.default.createSymbolicLink(atPath: tree + "/AWSLogs/up", withDestinationPath: "..")
        #expect(try list().warnings == ["2 links to folders are not followed; the first is '\(tree)/AWSLogs/up'"])
    }

    @Test func `what cannot be read is reported`() throws {
        try FileManager.default.createSymbolicLink(atPath: tree + "/gone.json", withDestinationPath: "nowhere")
        #expect(
            try list().unreadable == [
                UnreadableInput(name: tree + "/gone.json", reason: "No such file or directory")
            ]
        )
    }

    @Test func `a folder that is not there, or a file, ends the run with a plain message`() throws {
        var options = DirectorySource.Options()
        options.path = "/no/such/folder"
        let missing = #expect(throws: StageError.self) { try SourceListing(DirectorySource.self, options) }
        #expect(missing?.message == "cannot read folder '/no/such/folder': No such file or directory")
        options.path = InputTree(stringLiteral: tree + "/notes.txt")
        let file = #expect(throws: StageError.self) { try SourceListing(DirectorySource.self, options) }
        #expect(file?.message == "cannot read folder '\(tree)/notes.txt': it is a file")
        #expect(file?.advice == "source 'file' reads a single file")
    }

    @Test func `patterns are checked with the pipeline`() {
        let path = ConfigNode(.text("logs"))
        let good = decodeOptions(DirectorySource.self, ["path": path, "include": .init(.text("*.json"))])
        #expect(good.0?.include?.map(\.text) == ["*.json"])
        #expect(good.0?.pathUses == [.inputTree("logs")])
        let bad = decodeOptions(DirectorySource.self, ["path": path, "include": .init(.text("a[b"))])
        #expect(bad.1 == ["'include' needs a pattern such as **/*.json.gz, not 'a[b': its '[' is not closed"])
        var none = DirectorySource.Options()
        none.include = []
        #expect(throws: OptionError.self) { try SourceListing(DirectorySource.self, none) }
    }
}
