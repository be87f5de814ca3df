import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

@Suite struct FileSourceTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func options(_ paths: String...) -> FileSource.Options {
        var options = FileSource.Options()
        options.path = paths.map { InputPath(stringLiteral: $0) }
        return options
    }

    @Test func `files come in the order in which they are named, whatever their endings`() throws {
        let second = try directory.write("second", to: "b.json")
        let first = try directory.write("first!", to: "z no ending")
        let listing = try SourceListing(FileSource.self, options(first, second))
        #expect(listing.names == [first, second])
        #expect(listing.sizes == [6, 6])
        #expect(try listing.text(0) == "first!")
        #expect(try listing.text(1) == "second")
        #expect(listing.warnings.isEmpty)
    }

    @Test func `a unit can be opened a second time`() throws {
        let path = try directory.write("text", to: "a.json")
        let listing = try SourceListing(FileSource.self, options(path))
        #expect(try listing.text(0) == "text")
        #expect(try listing.text(0) == "text")
    }

    @Test func `a dash is standard input`() throws {
        let listing = try SourceListing(FileSource.self, options("-"))
        #expect(listing.names == ["-"])
        #expect(listing.sizes == [nil])
        #expect(throws: OptionError.self) { try SourceListing(FileSource.self, options("-", "-")) }
    }

    @Test func `a named pipe has no size`() throws {
        let path = directory.path("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        let listing = try SourceListing(FileSource.self, options(path))
        #expect(listing.sizes == [nil])
        Thread { try? Data("piped".utf8).write(to: URL(filePath: path)) }.start()
        #expect(try listing.text(0) == "piped")
    }

    @Test(arguments: [
        ("/no/such/file", "cannot read '/no/such/file': No such file or directory", false),
        ("~/x", "cannot read '~/x': No such file or directory", true),
        ("/", "cannot read '/': it is a folder", true),
    ])
    func `a single file that cannot be read ends the run with a plain message`(
        path: String,
        message: String,
        hasAdvice: Bool
    ) {
        let error = #expect(throws: StageError.self) { try SourceListing(FileSource.self, options(path)) }
        #expect(error?.message == message)
        #expect((error?.advice != nil) == hasAdvice)
    }

    @Test func `of several files, those that cannot be read are reported and the others are read`() throws {
        let path = try directory.write("text", to: "a.json")
        let missing = directory.path("missing.json")
        let listing = try SourceListing(FileSource.self, options(missing, path, directory.path("")))
        #expect(listing.names == [path])
        #expect(
            listing.unreadable == [
                UnreadableInput(name: missing, reason: "No such file or directory"),
                UnreadableInput(name: directory.path(""), reason: "it is a folder"),
            ]
        )
    }

    @Test func `several files of which none can be read end the run`() {
        let error = #expect(throws: StageError.self) { try SourceListing(FileSource.self, options("/no/a", "/no/b")) }
        #expect(error?.message == "none of the 2 files can be read")
    }

    @Test func `a file that is named twice is read twice, and the user is told`() throws {
        let path = try directory.write("text", to: "a.json")
        let listing = try SourceListing(FileSource.self, options(path, path))
        #expect(listing.names == [path, path])
        #expect(listing.warnings == ["'\(path)' is named more than once, and its events will be there as often"])
    }

    @Test func `a file that goes away is reported when its turn comes`() throws {
        let path = try directory.write("text", to: "a.json")
        let listing = try SourceListing(FileSource.self, options(path))
        try FileManager.default.removeItem(atPath: path)
        let error = #expect(throws: StageError.self) { try listing.units[0].open() }
        #expect(error?.message == "cannot be opened: No such file or directory")
    }

    @Test func `one path or a list can be written`() {
        let one = decodeOptions(FileSource.self, ["path": ConfigNode(.text("a"))])
        #expect(one.0?.path == ["a"])
        #expect(one.0?.pathUses == [.inputFile("a")])
        let two = decodeOptions(FileSource.self, ["path": ConfigNode(.list([.init(.text("a")), .init(.text("-"))]))])
        #expect(two.0?.path == ["a", "-"])
        #expect(two.0?.pathUses == [.inputFile("a")])
        #expect(throws: OptionError.self) { try SourceListing(FileSource.self, options()) }
    }
}
