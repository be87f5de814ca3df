import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

@Suite struct ConversionPathsTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        for name in ["a.json", "b.json", "logs/c.json", "more/d.json"] { try folder.write("{}", to: name) }
    }

    private func groups(_ inputs: [String], _ output: String = "-") throws(UsageError) -> [ConversionPaths.Group] {
        try ConversionPaths(inputs: inputs.map { $0 == "-" ? $0 : folder.path($0) }, output: output).groups
    }

    @Test func filesThatFollowEachOtherAreReadByOneSource() throws {
        #expect(
            try groups(["a.json", "-", "logs", "more", "b.json"]) == [
                .init(kind: .files, paths: [folder.path("a.json"), "-"]),
                .init(kind: .folder, paths: [folder.path("logs")]),
                .init(kind: .folder, paths: [folder.path("more")]),
                .init(kind: .files, paths: [folder.path("b.json")]),
            ]
        )
    }

    @Test func anInputMustBeThere() {
        expectRefusal("cannot read INPUT '\(folder.path("gone"))': No such file or directory") {
            _ = try groups(["a.json", "gone"])
        }
    }

    @Test func standardInputIsReadOnce() {
        expectRefusal("INPUT '-' is given more than once, but standard input can be read only once") {
            _ = try groups(["-", "a.json", "-"])
        }
    }

    @Test func anInputIsNeverReplaced() throws {
        let output = folder.path("logs/../a.json")
        expectRefusal("OUTPUT '\(output)' is also an INPUT") { _ = try groups(["b.json", "a.json"], output) }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link.jsonl"),
            withDestinationPath: folder.path("a.json")
        )
        let link = folder.path("link.jsonl")
        expectRefusal("OUTPUT '\(link)' is also an INPUT") { _ = try groups(["a.json"], link) }
    }

    @Test(arguments: ["logs/out.jsonl", "logs/../logs/out.jsonl"])
    func anOutputInsideAnInputIsRefused(output: String) throws {
        let path = folder.path(output)
        expectRefusal("OUTPUT '\(path)' lies inside INPUT '\(folder.path("logs"))'") { _ = try groups(["logs"], path) }
    }

    @Test func anOutputBesideAnInputIsFine() throws {
        #expect(try groups(["logs"], folder.path("logs2.jsonl")).count == 1)
        #expect(try groups(["logs"], folder.path("a.json")).count == 1)
    }

    @Test(arguments: ["more", "more/"])
    func aFolderIsNoOutput(output: String) {
        let path = folder.path(output)
        expectRefusal("OUTPUT '\(path)' is a folder") { _ = try groups(["logs"], path) }
    }

    private func expectRefusal(_ message: String, _ body: () throws -> Void) {
        let error = #expect(throws: UsageError.self) { try body() }
        #expect(error?.message == message)
        #expect(error?.pointsToHelp == false)
    }
}
