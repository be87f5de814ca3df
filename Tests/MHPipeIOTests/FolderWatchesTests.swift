import Foundation
import Libc
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeIO

/// What inotify tells of a tree, with real files.
struct FolderWatchesTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private var root: FilePath { FilePath(folder.path("")) }

    private func changes(_ watches: inout FolderWatches) -> [String] {
        watches.read().map { change in
            switch change {
            case .file(let path): "file \(String(decoding: path, as: UTF8.self))"
            case .name(let path): "name \(String(decoding: path, as: UTF8.self))"
            case .folder(let path): "folder \(String(decoding: path, as: UTF8.self))"
            case .gone(let path): "gone \(String(decoding: path, as: UTF8.self))"
            case .lost: "lost"
            }
        }
    }

    @Test func aFileThatIsBeingWrittenIsNoneBeforeItIsClosed() throws {
        var watches = try FolderWatches(root)
        try watches.add([])
        let descriptor = open(folder.path("a.json"), O_CREAT | O_WRONLY, 0o600)
        write(descriptor, "{", 1)
        #expect(changes(&watches) == ["name a.json"])
        write(descriptor, "}", 1)
        #expect(changes(&watches) == [])
        close(descriptor)
        #expect(changes(&watches) == ["file a.json"])
    }

    @Test func whatIsMovedInIsTold() throws {
        let outside = try TemporaryDirectory()
        try outside.write("{}", to: "a.json")
        try outside.write("{}", to: "day/b.json")
        var watches = try FolderWatches(root)
        try watches.add([])
        #expect(rename(outside.path("a.json"), folder.path("a.json")) == 0)
        #expect(rename(outside.path("day"), folder.path("day")) == 0)
        #expect(changes(&watches) == ["file a.json", "folder day"])
        try watches.add(Array("day".utf8))
        try folder.write("{}", to: "x.tmp")
        #expect(rename(folder.path("x.tmp"), folder.path("day/c.json")) == 0)
        #expect(changes(&watches).filter { !$0.hasSuffix(".tmp") } == ["file day/c.json"])
    }

    @Test func aFolderThatIsMovedAwayIsWatchedNoMore() throws {
        try folder.write("{}", to: "a/b/c/x.json")
        try folder.write("{}", to: "ab/x.json")
        var watches = try FolderWatches(root)
        for path in ["", "a", "a/b", "a/b/c", "ab"] { try watches.add(Array(path.utf8)) }
        let outside = try TemporaryDirectory()
        #expect(rename(folder.path("a"), outside.path("a")) == 0)
        #expect(changes(&watches) == ["gone a"])
        #expect(watches.count == 2)
        try outside.write("{}", to: "a/b/c/y.json")
        #expect(changes(&watches) == [])
        // Within the tree it is another folder, whose files have other names.
        #expect(rename(outside.path("a"), folder.path("d")) == 0)
        #expect(changes(&watches) == ["folder d"])
        for path in ["d", "d/b", "d/b/c"] { try watches.add(Array(path.utf8)) }
        #expect(rename(folder.path("d"), folder.path("e")) == 0)
        #expect(changes(&watches) == ["gone d", "folder e"])
        try watches.add(Array("e".utf8))
        try folder.write("{}", to: "e/z.json")
        #expect(changes(&watches).last == "file e/z.json")
    }

    @Test func aFolderThatIsDeletedIsGone() throws {
        try folder.write("{}", to: "a/x.json")
        var watches = try FolderWatches(root)
        try watches.add([])
        try watches.add(Array("a".utf8))
        try FileManager.default.removeItem(atPath: folder.path("a"))
        #expect(changes(&watches) == ["gone a"])
        #expect(watches.count == 1)
        try FileManager.default.removeItem(atPath: folder.path(""))
        #expect(changes(&watches) == ["gone "])
    }

    @Test func linksAndOtherNamesAreTold() throws {
        let outside = try TemporaryDirectory()
        try outside.write("{}", to: "a.json")
        var watches = try FolderWatches(root)
        try watches.add([])
        #expect(symlink(outside.path("a.json"), folder.path("l.json")) == 0)
        #expect(link(outside.path("a.json"), folder.path("h.json")) == 0)
        #expect(changes(&watches) == ["name l.json", "name h.json"])
    }

    /// A link to a folder is not followed, as the walk of a folder does not.
    @Test func aLinkToAFolderIsNotWatched() throws {
        let outside = try TemporaryDirectory()
        #expect(symlink(outside.path(""), folder.path("l")) == 0)
        var watches = try FolderWatches(root)
        #expect(throws: FolderWatches.Refusal.unreadable(ENOTDIR)) { try watches.add(Array("l".utf8)) }
        #expect(throws: FolderWatches.Refusal.unreadable(ENOENT)) { try watches.add(Array("none".utf8)) }
    }

    /// The system remembers a bounded number of events.
    @Test func whatWasForgottenIsSaid() throws {
        let limit = try #require(
            (try? String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8))
                .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        )
        guard limit <= 200_000 else { return print("note: the queue of inotify is too long here to be filled") }
        try folder.write("", to: "a")
        try folder.write("", to: "b")
        var watches = try FolderWatches(root)
        try watches.add([])
        // Equal events that follow each other are one.
        for number in 0...(limit / 2 + 1) { close(open(folder.path(number % 2 == 0 ? "a" : "b"), O_WRONLY)) }
        for number in 0...(limit / 2 + 1) { close(open(folder.path(number % 2 == 0 ? "a" : "b"), O_WRONLY)) }
        #expect(changes(&watches).last == "lost")
        close(open(folder.path("a"), O_WRONLY))
        #expect(changes(&watches) == ["file a"])
    }
}
