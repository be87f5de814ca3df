import Dispatch
import Foundation
import Libc
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins
@testable import MHPipeIO

/// Which files a watch finds, and when.
@Suite(.timeLimit(.minutes(30))) struct FolderFollowerTests {
    private let folder: TemporaryDirectory
    private let outside: TemporaryDirectory
    private let news = News()

    /// Waits for what the follower tells, without sleeping.
    private final class News: Sendable {
        struct Stuck: Error {}

        private let semaphore = DispatchSemaphore(value: 0)
        let warnings = Locked<[String]>([])

        func tell() { semaphore.signal() }

        func wait() throws {
            guard semaphore.hasCome() else { throw Stuck() }
        }
    }

    init() throws {
        folder = try TemporaryDirectory()
        outside = try TemporaryDirectory()
    }

    /// Files that nobody has touched for long count as whole at once.
    private func old(_ name: String, in folder: TemporaryDirectory) throws {
        try folder.write("{}", to: name)
        var times = [timeval(tv_sec: 1_000_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000_000, tv_usec: 0)]
        #expect(utimes(folder.path(name), &times) == 0)
    }

    private func follower(
        _ mode: WatchMode = .yes,
        interval: Duration = .milliseconds(1),
        rescan: Duration = .seconds(3600),
        exclude: [Glob] = []
    ) throws -> FolderFollower {
        let manner = FolderFollower.Manner(mode: mode, interval: interval, intervalText: "1s", rescan: rescan)
        let follower = try FolderFollower(
            FilePath(folder.path("")),
            FileSelection(include: nil, exclude: exclude),
            manner,
            warn: { [news] text in
                news.warnings.withLock { $0.append(text) }
                news.tell()
            },
            onNews: { [news] in news.tell() }
        )
        // What a test writes from here on is told by the system, and not found by the first look.
        follower.hold {}
        return follower
    }

    /// The next file, which may still have to come.
    private func next(_ follower: FolderFollower) throws -> String {
        while true {
            switch try follower.next() {
            case .file(let path, _, _): return String(path.text.dropFirst(folder.path("").count))
            case .unreadable(let path, let reason): return "\(path.text.dropFirst(folder.path("").count)): \(reason)"
            case nil: try news.wait()
            }
        }
    }

    private func next(_ count: Int, _ follower: FolderFollower) throws -> Set<String> {
        var names: Set<String> = []
        while names.count < count { names.insert(try next(follower)) }
        return names
    }

    @Test(arguments: [WatchMode.yes, .poll])
    func whatIsThereIsFoundAndWhatComes(mode: WatchMode) throws {
        try folder.write("{}", to: "a.json")
        try folder.write("{}", to: "b/c.json.gz")
        try folder.write("{}", to: "notes.txt")
        let follower = try follower(mode)
        #expect(try next(2, follower) == ["a.json", "b/c.json.gz"])
        follower.endRound(isCommitted: true)
        try outside.write("{}", to: "day/d.json")
        try outside.write("{}", to: "day/deep/e.json")
        #expect(rename(outside.path("day"), folder.path("b/day")) == 0)
        try folder.write("{}", to: "new/folder/f.json")
        #expect(try next(3, follower) == ["b/day/d.json", "b/day/deep/e.json", "new/folder/f.json"])
        #expect(news.warnings.withLock { $0 } == [])
    }

    /// A file that is open for writing comes when it is closed, and not before.
    @Test func aFileThatIsBeingWrittenIsNotTaken() throws {
        let follower = try follower(interval: .seconds(3600))
        let descriptor = open(folder.path("a.json"), O_CREAT | O_WRONLY, 0o600)
        write(descriptor, "{", 1)
        try folder.write("{}", to: "b.json")
        // Signals come in order, so that of the first file, if there were one, would be here by now.
        #expect(try next(follower) == "b.json")
        #expect(try follower.next() == nil)
        write(descriptor, "}", 1)
        close(descriptor)
        #expect(try next(follower) == "a.json")
    }

    /// What a look finds is whole when two looks saw the same.
    @Test(arguments: [WatchMode.yes, .poll])
    func aYoungFileIsTakenAtTheSecondLook(mode: WatchMode) throws {
        var written = FilesBeingWritten()
        let path = Array("a.json".utf8)
        try folder.write("{", to: "a.json")
        func isWhole(_ pause: Duration) throws -> Bool {
            written.isWhole(
                path,
                try FileStatus(FilePath(folder.path("a.json"))),
                pause: pause,
                oldAge: .seconds(3600)
            )
        }
        #expect(try !isWhole(.zero))
        try folder.write("{}", to: "a.json")
        #expect(try !isWhole(.zero), "it has grown")
        #expect(try !isWhole(.seconds(3600)), "the other look was a moment ago")
        #expect(try isWhole(.zero))
        #expect(try !isWhole(.zero), "it was given")
        written.beginWalk()
        #expect(try !isWhole(.zero), "the walk before has given it")
        try folder.write("{  }", to: "a.json")
        #expect(try !isWhole(.zero))
        #expect(try isWhole(.zero), "it is another one now")
        #expect(written.count == 0)
        written.beginWalk(isOfYoung: true)
        #expect(!written.isWhole(path, try FileStatus(FilePath(folder.path("a.json"))), pause: .zero, oldAge: .zero))
    }

    @Test func whatARoundDidNotCommitComesAgain() throws {
        for name in ["a.json", "b.json", "c.json"] { try folder.write("{}", to: name) }
        let follower = try follower()
        #expect(try next(2, follower).count == 2)
        follower.endRound(isCommitted: false)
        #expect(try next(3, follower) == ["a.json", "b.json", "c.json"])
        follower.endRound(isCommitted: true)
        #expect(try follower.next() == nil)
    }

    /// A file that is written again while a round has it comes in the next one: one run must not read two versions.
    @Test func aFileThatComesAgainWaitsForTheNextRound() throws {
        try folder.write("{}", to: "a.json")
        let follower = try follower(interval: .milliseconds(1))
        #expect(try next(follower) == "a.json")
        try folder.write("{ }", to: "a.json")
        while !follower.hasNews { try news.wait() }
        #expect(try follower.next() == nil)
        follower.endRound(isCommitted: true)
        #expect(try next(follower) == "a.json")
    }

    @Test func whatIsTakenAwayIsNoProblem() throws {
        try folder.write("{}", to: "a.json")
        try folder.write("{}", to: "b.json")
        let follower = try follower()
        while follower.waiting.units < 2 { try news.wait() }
        try FileManager.default.removeItem(atPath: folder.path("a.json"))
        #expect(try next(follower) == "b.json")
        #expect(try follower.next() == nil)
    }

    /// As the folder is read without a watch: links to files are followed, links to folders not.
    @Test(arguments: [WatchMode.yes, .poll])
    func linksAreTakenAsAlways(mode: WatchMode) throws {
        try outside.write("{}", to: "x.json")
        try outside.write("{}", to: "day/y.json")
        let follower = try follower(mode)
        #expect(symlink(outside.path("x.json"), folder.path("l.json")) == 0)
        #expect(symlink(outside.path("day"), folder.path("day")) == 0)
        #expect(link(outside.path("x.json"), folder.path("h.json")) == 0)
        #expect(try next(2, follower) == ["l.json", "h.json"])
    }

    @Test func anExcludedFolderIsNotFollowed() throws {
        try folder.write("{}", to: "CloudTrail-Digest/a.json")
        let follower = try follower(exclude: [try #require(try? Glob("CloudTrail-Digest/"))])
        try folder.write("{}", to: "CloudTrail-Digest/b.json")
        try folder.write("{}", to: "new/CloudTrail-Digest/b.json")
        try folder.write("{}", to: "c.json")
        #expect(try next(follower) == "c.json")
    }

    @Test func aFolderThatGoesAndComesIsFollowedAgain() throws {
        try folder.write("{}", to: "a.json")
        let follower = try follower()
        #expect(try next(follower) == "a.json")
        follower.endRound(isCommitted: true)
        let path = String(folder.path("").dropLast())
        #expect(rename(path, path + " gone") == 0)
        while news.warnings.withLock({ $0 }).isEmpty { try news.wait() }
        try folder.write("{}", to: "b.json")
        #expect(try next(follower) == "b.json")
        #expect(news.warnings.withLock { $0.map { $0.hasSuffix("there again") } } == [false, true])
        try FileManager.default.removeItem(atPath: path + " gone")
    }

    /// After an overflow the whole folder is looked through again.
    @Test func whatTheSystemForgotIsFound() throws {
        let limit = try #require(
            (try? String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8))
                .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        )
        guard limit <= 100_000 else { return print("note: the queue of inotify is too long here to be filled") }
        try folder.write("", to: "x.txt")
        try folder.write("", to: "y.txt")
        let follower = try follower()
        try folder.write("{}", to: "a.json")
        #expect(try next(follower) == "a.json")
        follower.endRound(isCommitted: true)
        follower.hold {
            for number in 0..<2 * limit {
                let file = open(folder.path(number % 2 == 0 ? "x.txt" : "y.txt"), O_WRONLY)
                // Others may have all descriptors for a moment; there are enough tries for that.
                if file >= 0 { close(file) }
            }
            _ = try? folder.write("{}", to: "late/b.json")
        }
        // The look finds what was read before as well, which the runtime knows; a round has it once.
        var names: Set<String> = []
        while names.count < 2 {
            names.insert(try next(follower))
            follower.endRound(isCommitted: true)
        }
        #expect(names == ["a.json", "late/b.json"])
        let warnings = news.warnings.withLock { $0 }
        #expect(warnings.count == 1, "\(warnings)")
    }

    @Test func whatIsFoundInLargeNumbersIsFoundInTheEnd() throws {
        var pending = PendingFiles()
        func add(_ name: String) -> Bool { pending.add(.file(Array(name.utf8))) }
        let added = (0..<PendingFiles.limit).count { add("\($0)") }
        #expect(added == PendingFiles.limit)
        #expect(!add("more"))
        #expect(add("0"), "it waits already")
        var count = 0
        while pending.take() != nil { count += 1 }
        #expect(count == PendingFiles.limit)
        pending.endRound(isCommitted: false)
        #expect(pending.count == PendingFiles.limit)
    }
}
