import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeKit

/// Many files for a run that keeps its state: cut, gone on with, and put in their places again.
@Suite struct SpooledFolderTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func open(_ start: SinkStart = .fresh, beginning: String = "") throws -> SpooledFolder {
        let files = SpooledFolder.Files(
            name: "lake/{x}",
            folder: OutputTree(stringLiteral: folder.path("lake")),
            beginning: Array(beginning.utf8)
        )
        return try SpooledFolder(files, key: "k", start) { _ in }
    }

    /// Where a night begins, behind an earlier one that has written nothing.
    private func night() throws -> SinkStart {
        let files = try open(.append(nil))
        try files.finish()
        let checkpoint = try files.checkpoint()
        files.abort()
        return .append(checkpoint)
    }

    private func write(_ text: String, to path: String, of files: SpooledFolder) throws {
        try unsafe Array(text.utf8).withUnsafeBufferPointer {
            try unsafe files.write($0, FileFrame.Head(path: Array(path.utf8), rows: 1, text: text.utf8.count))
        }
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try folder.read("lake/\(path)"), as: UTF8.self)
    }

    private var hidden: [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path("lake"))) ?? []).filter {
            $0.contains(".mhpipe")
        }
    }

    /// One frame may be larger than what is read at once, and another may lie across its end.
    @Test(arguments: [[3, 1], [1 << 20, 7], [(1 << 20) - 40, 90, 1], [5 << 20, 1 << 20, 0, 3 << 20]])
    func framesOfAnySizeComeBack(sizes: [Int]) throws {
        let files = try open()
        for (number, size) in sizes.enumerated() {
            try write(String(repeating: "\(number)", count: size), to: "f\(number % 2)", of: files)
        }
        try files.finish()
        try files.commit()
        files.forget()
        for file in 0..<min(sizes.count, 2) {
            let parts = sizes.enumerated().filter { $0.offset % 2 == file }
            let whole = parts.map { String(repeating: "\($0.offset)", count: $0.element) }.joined()
            #expect(try text("f\(file)") == whole)
        }
        #expect(hidden == [])
    }

    @Test func whatComesBehindACheckpointIsCutOff() throws {
        let files = try open(beginning: "head\n")
        try write("a", to: "x", of: files)
        let checkpoint = try files.checkpoint()
        try write("lost", to: "y", of: files)
        _ = try files.checkpoint()
        files.suspend()
        let next = try open(.resume(checkpoint), beginning: "head\n")
        var paths: [String] = []
        try next.forEachHead { paths.append(String(decoding: $0.path, as: UTF8.self)) }
        #expect(paths == ["x"])
        try write("b", to: "x", of: next)
        try next.finish()
        try next.commit()
        next.forget()
        #expect(try text("x") == "head\nab")
        #expect(throws: (any Error).self) { try text("y") }
        #expect(hidden == [])
    }

    /// A night whose commit was cut is committed again, whatever of it was in its place.
    @Test(arguments: [false, true])
    func aCommitIsDoneAgain(wasCommitted: Bool) throws {
        try folder.write("head\n1", to: "lake/x")
        let files = try open(night(), beginning: "head\n")
        try write("2", to: "x", of: files)
        try write("3", to: "y", of: files)
        try files.finish()
        let checkpoint = try files.checkpoint()
        if wasCommitted { try files.commit() }
        files.suspend()
        let next = try open(.resume(checkpoint), beginning: "head\n")
        #expect(next.isWhole)
        try next.commit()
        #expect(next.writtenFiles.map(\.offset) == [6, 0])
        next.forget()
        #expect(try text("x") == "head\n12")
        #expect(try text("y") == "head\n3")
        #expect(hidden == [])
    }

    private func cut() throws -> Checkpoint {
        try folder.write("head\n1", to: "lake/x")
        let files = try open(night(), beginning: "head\n")
        try write("23", to: "x", of: files)
        try files.finish()
        let checkpoint = try files.checkpoint()
        files.suspend()
        return checkpoint
    }

    @Test(arguments: ["head\n1other", "HEAD\n1", "h", "head\n1X", "head\n12X"])
    func whatOthersHaveChangedIsRefused(content: String) throws {
        let checkpoint = try cut()
        try folder.write(content, to: "lake/x")
        let next = try open(.resume(checkpoint), beginning: "head\n")
        #expect(throws: StageError.self) { try next.commit() }
        #expect(try text("x") == content)
    }

    /// A power cut may leave any of the bytes, and zeros in the place of others.
    @Test(arguments: ["head\n1", "head\n12", "head\n1\0", "head\n1\u{0}3"])
    func whatTheRunHasBegunIsDoneAgain(content: String) throws {
        let checkpoint = try cut()
        try folder.write(content, to: "lake/x")
        let next = try open(.resume(checkpoint), beginning: "head\n")
        try next.commit()
        #expect(try text("x") == "head\n123")
    }

    @Test func whatWasTakenAwayMeanwhileIsMadeAnew() throws {
        let checkpoint = try cut()
        try FileManager.default.removeItem(atPath: folder.path("lake/x"))
        let next = try open(.resume(checkpoint), beginning: "head\n")
        try next.commit()
        #expect(try text("x") == "head\n23")
    }

    /// Another path is another output, whatever the state says.
    @Test func anotherPathBeginsAnew() throws {
        let start = try night()
        try folder.write("other", to: "lake/y")
        let files = SpooledFolder.Files(name: "lake/{y}", folder: OutputTree(stringLiteral: folder.path("lake")))
        let other = try SpooledFolder(files, key: "k", start) { _ in }
        #expect(throws: StageError.self) { try write("1", to: "y", of: other) }
    }

    @Test func textThatEndsInTheMiddleOfALineIsRefused() throws {
        let start = try night()
        for (content, isRefused) in [("a\nb", true), ("a\n", false), ("", false)] {
            try folder.write(content, to: "lake/x")
            let tree = OutputTree(stringLiteral: folder.path("lake"))
            let files = SpooledFolder.Files(name: "lake/{x}", folder: tree, isText: true)
            let next = try SpooledFolder(files, key: "k", start) { _ in }
            defer { next.abort() }
            #expect(((try? write("1", to: "x", of: next)) == nil) == isRefused, "\(content)")
        }
    }

    /// A power cut behind the commit brings back what a run had removed, and the next may have nothing for the folder.
    @Test func whatADeadRunLeftGoesWithOneThatHasNothingForIt() throws {
        let living = try open()
        let dead = String(decoding: HiddenName(of: Array("files".utf8)).next(isLocked: true), as: UTF8.self)
        try folder.write("half", to: "lake/\(dead)/0")
        try folder.write("", to: "lake/\(dead)/lock")
        let before = Set(hidden)
        let tree = OutputTree(stringLiteral: folder.path("lake"))
        SpooledFolder.forget(SpooledFolder.Files(name: "lake/{y}", folder: tree), key: "k")
        #expect(Set(hidden) == before.filter { !$0.contains(dead) })
        try write("x", to: "x", of: living)
        try living.finish()
        try living.commit()
        living.forget()
        #expect(hidden == [])
    }

    @Test func aFolderThatIsGoneIsRefused() throws {
        let start = try night()
        #expect(!FileManager.default.fileExists(atPath: folder.path("lake")))
        #expect(throws: StageError.self) { try open(start) }
    }

    /// Nobody knows whether it is gone, so it is neither said to be nor made.
    @Test(arguments: [true, false]) func aFolderThatCannotBeLookedAtIsRefused(isFirst: Bool) throws {
        let start = try isFirst ? SinkStart.append(nil) : night()
        let path = folder.path("lake")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
        let error = #expect(throws: StageError.self) { try open(start) }
        #expect(error?.message.contains("Too many levels of symbolic links") == true, "\(String(describing: error))")
    }
}
