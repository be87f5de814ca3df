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
        try SpooledFolder(
            "lake/{x}",
            in: OutputTree(stringLiteral: folder.path("lake")),
            beginning: Array(beginning.utf8),
            key: "k",
            start
        )
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
        files.settle()
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
        next.settle()
        #expect(try text("x") == "head\nab")
        #expect(throws: (any Error).self) { try text("y") }
        #expect(hidden == [])
    }

    /// A night whose commit was cut is committed again, whatever of it was in its place.
    @Test(arguments: [false, true])
    func aCommitIsDoneAgain(wasCommitted: Bool) throws {
        try folder.write("head\n1", to: "lake/x")
        let files = try open(.append(Checkpoint(token: [])), beginning: "head\n")
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
        next.settle()
        #expect(try text("x") == "head\n12")
        #expect(try text("y") == "head\n3")
        #expect(hidden == [])
    }

    @Test(arguments: ["head\n1other", "HEAD\n1", "h", nil])
    func whatOthersHaveChangedIsRefused(content: String?) throws {
        try folder.write("head\n1", to: "lake/x")
        let files = try open(.append(Checkpoint(token: [])))
        try write("2", to: "x", of: files)
        try files.finish()
        let checkpoint = try files.checkpoint()
        files.suspend()
        if let content {
            try folder.write(content, to: "lake/x")
        } else {
            try FileManager.default.removeItem(atPath: folder.path("lake/x"))
        }
        let next = try open(.resume(checkpoint))
        #expect(throws: StageError.self) { try next.commit() }
        #expect((try? text("x")) == content)
    }
}
