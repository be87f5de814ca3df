import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@Suite struct FilePathTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test(
        arguments: [
            ("out", ".", "out"), ("/out", "/", "out"), ("a/b/out", "a/b", "out"), ("./out", ".", "out"),
            ("a/", "a", ""), ("/", "/", ""),
        ]
    )
    func aPathHasAFolderAndAName(path: String, directory: String, name: String) {
        #expect(FilePath(path).directory == FilePath(directory))
        #expect(FilePath(path).lastPart == Array(name.utf8))
    }

    @Test func aNameIsAddedToAnyFolder() {
        #expect(FilePath("a").appending(Array("b".utf8)) == FilePath("a/b"))
        #expect(FilePath("/").appending([0xFF]) == FilePath(bytes: [0x2F, 0xFF]))
        #expect(FilePath(bytes: [0xFF]).withSuffix("-wal").bytes == [0xFF] + Array("-wal".utf8))
    }

    @Test func aTextThatStandsForBytesNamesThem() {
        let bytes: [UInt8] = [0x74, 0xFF]
        #expect(FilePath(ByteText.text(bytes)) == FilePath(bytes: bytes))
        #expect(FilePath(bytes: bytes).text == "t\u{FFFD}")
        #expect(FilePath("t\u{FFFD}").bytes == Array("t\u{FFFD}".utf8))
    }

    @Test func aPathWithANULNamesNothing() throws {
        let path = try folder.write("here", to: "a")
        #expect(FilePath(path).exists)
        #expect(!FilePath(path + "\0b").exists)
    }

    /// The names of the folder as bytes, since Foundation repairs them.
    private func names() throws -> [[UInt8]] {
        let stream = try #require(opendir(folder.path("")))
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private func write(_ name: String) throws {
        let file = try Output.open(folder.path("") + name)
        try file.write("new")
        try file.finish()
        try file.commit()
    }

    #if os(Linux)
    @Test func anOutputMayHaveANameThatIsNoText() throws {
        let name: [UInt8] = [0x74, 0xFF, 0x2E, 0x74]
        try write(ByteText.text(name))
        #expect(try names() == [name])
    }

    @Test(arguments: [false, true])
    func aLinkLeadsToAFileWhoseNameIsNoText(isAbsolute: Bool) throws {
        let name: [UInt8] = [0x74, 0xFF, 0x2E, 0x74]
        let target = Array(folder.path("").utf8) + name
        let descriptor = FilePath(bytes: target).withSystemPath { creat($0, 0o600) }
        #expect(descriptor >= 0)
        close(descriptor)
        let text = isAbsolute ? target : name
        let link = folder.path("link")
        #expect(FilePath(bytes: text).withSystemPath { symlink($0, link) } == 0)
        try write("link")
        #expect(try names() == [Array("link".utf8), name])
        #expect(try folder.read("link") == Data("new".utf8))
    }
    #endif

    @Test func anOutputNameMayHoldNoNUL() throws {
        try folder.write("old", to: "z.jsonl")
        do {
            _ = try Output.open(folder.path("z.jsonl") + "\0b")
            Issue.record("it was opened")
        } catch {
            #expect(error.reason == "its name holds a NUL character, which no path can have")
        }
        #expect(try folder.read("z.jsonl") == Data("old".utf8))
    }
}
