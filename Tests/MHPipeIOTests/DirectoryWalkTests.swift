import MHPipeKit
import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeIO

@Suite struct DirectoryWalkTests {
    private let directory: TemporaryDirectory
    private var tree: String { directory.path("tree") }

    init() throws {
        directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.path("tree"), withIntermediateDirectories: true)
    }

    private func walk(
        _ suffix: String = "",
        skipped: @escaping @Sendable ([UInt8]) -> Bool = { _ in false }
    ) throws -> Walked {
        try Walked(
            DirectoryWalk(
                FilePath(tree),
                choice: { $0.reversed().starts(with: suffix.utf8.reversed()) ? .read : .other },
                folderChoice: { skipped($0) ? .leftOut : .list }
            )
        )
    }

    /// A walk that was gone to its end.
    private struct Walked {
        let walk: DirectoryWalk
        var files: [DirectoryWalk.File] = []
        var unreadable: [(path: FilePath, reason: String)] = []

        init(_ walk: DirectoryWalk) throws {
            self.walk = walk
            while let step = try walk.next() {
                switch step {
                case .file(let file): files.append(file)
                case .unreadable(let path, let reason): unreadable.append((path, reason))
                }
            }
        }

        var unread: UnreadFiles { walk.unread }
    }

    /// The paths below the tree.
    private func relative(_ paths: [FilePath]) -> [String] {
        paths.map { String($0.text.dropFirst(tree.count + 1)) }
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("tree/" + name),
            withDestinationPath: target
        )
    }

    @Test func `files come sorted by the bytes of their paths`() throws {
        let names = [
            "a.json", "a/b.json", "a-b/c.json", "a/B.json", "B", "a b/c", "é", "z", "a/b/c", "a0", "line\nend",
        ]
        for name in names { try directory.write(name, to: "tree/" + name) }
        let walk = try walk()
        let expected = names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        #expect(relative(walk.files.map(\.path)) == expected)
        #expect(walk.files.map(\.status.size) == expected.map(\.utf8.count))
        #expect(walk.unread.others == 0)
        #expect(walk.unreadable.isEmpty)
    }

    @Test(arguments: [1, 2, 3, 7])
    func `a folder of more names than are kept is read in the same order`(most: Int) throws {
        let names = ["a.json", "a/b", "a/c", "a-b/c", "B", "C", "é", "z", "a0", "a1", "x/1", "x/2", "x/3", "x/4"]
        for name in names { try directory.write(name, to: "tree/" + name) }
        try link("folder", to: "a")
        try link("gone", to: "nowhere")
        let walk = try Walked(DirectoryWalk(FilePath(tree), mostNames: most, choice: { _ in .read }))
        #expect(
            relative(walk.files.map(\.path))
                == names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        )
        #expect(walk.walk.seen == names.count + 1 && walk.walk.waiting == 0)
        #expect(relative(walk.unreadable.map(\.path)) == ["gone"])
    }

    @Test func `what is still to come is counted as far as it was listed`() throws {
        for name in ["a", "b/c", "b/d", "e"] { try directory.write(name, to: "tree/" + name) }
        let walk = try DirectoryWalk(FilePath(tree), choice: { _ in .read })
        #expect(walk.seen == 2 && walk.waiting == 2)
        _ = try walk.next()
        _ = try walk.next()
        #expect(walk.seen == 4 && walk.waiting == 2 && !walk.isAtEnd)
    }

    @Test(arguments: ["", "/"])
    func `paths are joined to the folder as it was given`(ending: String) throws {
        try directory.write("x", to: "tree/a/b")
        let walk = try Walked(DirectoryWalk(FilePath(tree + ending), choice: { _ in .read }))
        #expect(walk.files.map(\.path.text) == [tree + "/a/b"])
    }

    @Test func `files that are not wanted are counted`() throws {
        for name in ["a.json", "b.txt", "c/d.json", "c/e"] { try directory.write("x", to: "tree/" + name) }
        let walk = try walk(".json")
        #expect(relative(walk.files.map(\.path)) == ["a.json", "c/d.json"])
        #expect(walk.unread.others == 2)
    }

    @Test func `folders can be passed over`() throws {
        for name in ["a/x", "b/x", "b/a/x"] { try directory.write("x", to: "tree/" + name) }
        let walk = try walk(skipped: { $0 == Array("b/a".utf8) || $0 == Array("a".utf8) })
        #expect(relative(walk.files.map(\.path)) == ["b/x"])
    }

    @Test func `links to files are followed, links to folders are not, and loops end`() throws {
        try directory.write("four", to: "outside/file")
        try directory.write("x", to: "tree/a/x")
        try link("b", to: "../outside/file")
        try link("c", to: "../outside")
        try link("a/up", to: "..")
        try link("a/self", to: "self")
        try link("gone", to: "nowhere")
        let walk = try walk()
        #expect(relative(walk.files.map(\.path)) == ["a/x", "b"])
        #expect(walk.files.map(\.status.size) == [1, 4])
        #expect(walk.walk.folderLinks == 2)
        #expect(walk.walk.firstFolderLink?.text == tree + "/a/up")
        #expect(relative(walk.unreadable.map(\.path)) == ["a/self", "gone"])
        #expect(walk.unreadable.map(\.reason).last == SystemFailure.reason(ENOENT))
    }

    @Test func `links that are not wanted by their name are left out without a word`() throws {
        try link("gone", to: "nowhere")
        let walk = try walk(".json")
        #expect(walk.unreadable.isEmpty)
        #expect(walk.unread.others == 1)
    }

    @Test func `the folder itself may be a link`() throws {
        try directory.write("x", to: "real/a")
        try FileManager.default.createSymbolicLink(atPath: directory.path("link"), withDestinationPath: "real")
        let walk = try Walked(DirectoryWalk(FilePath(directory.path("link")), choice: { _ in .read }))
        #expect(walk.files.map(\.path.text) == [directory.path("link/a")])
    }

    @Test func `a pipe is reported when it is wanted`() throws {
        try #require(mkfifo(directory.path("tree/pipe.json"), 0o600) == 0)
        try #require(mkfifo(directory.path("tree/other"), 0o600) == 0)
        let walk = try walk(".json")
        #expect(relative(walk.unreadable.map(\.path)) == ["pipe.json"])
        #expect(walk.unreadable.map(\.reason) == ["it is a named pipe, not a file"])
        #expect(walk.files.isEmpty)
        #expect(walk.unread.others == 1)
    }

    @Test func `a folder without permission is reported, and the walk goes on`() throws {
        guard geteuid() != 0 else {
            print("note: the administrator may list every folder; nothing to try here")
            return
        }
        try directory.write("x", to: "tree/a/x")
        try directory.write("x", to: "tree/b/x")
        chmod(directory.path("tree/a"), 0)
        defer { chmod(directory.path("tree/a"), 0o700) }
        let walk = try walk()
        #expect(relative(walk.unreadable.map(\.path)) == ["a/"])
        #expect(walk.unreadable.map(\.reason) == [SystemFailure.reason(EACCES)])
        #expect(relative(walk.files.map(\.path)) == ["b/x"])
    }

    @Test(.enabled(if: isLinux, "macOS makes such names valid"))
    func `names that are not UTF-8 are shown with a mark and can be opened`() throws {
        let bytes: [UInt8] = Array(directory.path("tree/").utf8) + [0x61, 0xff, 0x2e, 0x6a]
        let path = FilePath(bytes: bytes)
        #expect(path.text.hasSuffix("a\u{fffd}.j"))
        let file = try #require(path.withSystemPath { fopen($0, "w") })
        fputs("content", file)
        fclose(file)

        let walk = try walk()
        #expect(relative(walk.files.map(\.path)) == ["a\u{fffd}.j"])
        let input = try FileInput(try #require(walk.files.first).path)
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = try buffer.withUnsafeMutableBytes { try input.read(into: $0) }
        #expect(String(decoding: buffer.prefix(count), as: UTF8.self) == "content")
    }

    @Test func `a very deep tree ends with a reason`() throws {
        // Longer than any path may be; made and removed piece by piece.
        let name = String(repeating: "d", count: 200)
        var folders = [open(tree, O_RDONLY)]
        defer {
            while let folder = folders.popLast() {
                close(folder)
                if let parent = folders.last { unlinkat(parent, name, AT_REMOVEDIR) }
            }
        }
        for _ in 0..<30 {
            try #require(mkdirat(folders[folders.count - 1], name, 0o700) == 0)
            folders.append(openat(folders[folders.count - 1], name, O_RDONLY))
        }
        let walk = try walk()
        #expect(walk.unreadable.map(\.reason) == [SystemFailure.reason(ENAMETOOLONG)])
    }

    @Test func `a folder that is not there, or no folder, ends the walk at once`() throws {
        let file = try directory.write("x", to: "file")
        let missing = #expect(throws: InputFailure.self) {
            try DirectoryWalk(FilePath(directory.path("missing")), choice: { _ in .read })
        }
        #expect(missing?.reason == SystemFailure.reason(ENOENT))
        let noFolder = #expect(throws: InputFailure.self) { try DirectoryWalk(FilePath(file), choice: { _ in .read }) }
        #expect(noFolder?.reason == SystemFailure.reason(ENOTDIR))
    }
}

#if os(Linux)
private let isLinux = true
#else
private let isLinux = false
#endif
