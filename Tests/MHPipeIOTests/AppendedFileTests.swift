import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeKit

/// A file that grows at `commit`, and only then.
@Suite struct AppendedFileTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        try folder.write("old\n", to: "out.csv")
    }

    private func place() throws -> OutputPlace { try OutputPlace(resolving: folder.path("out.csv")) }

    private func write(_ text: String, to file: AppendedFile) throws {
        var text = text
        try text.withUTF8 { try file.write($0) }
    }

    private var hidden: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path(""))) ?? []).filter { $0.hasPrefix(".") }
    }

    /// A run that has written `text` and ended, but not committed.
    private func ended(_ text: String) throws -> AppendedFile.Mark {
        let file = try AppendedFile(place(), key: "k", behind: nil)
        try write(text, to: file)
        try file.finish()
        let mark = try #require(AppendedFile.Mark(file.place()))
        file.suspend()
        return mark
    }

    @Test func theFileGrowsAtCommit() throws {
        let file = try AppendedFile(place(), key: "k", behind: nil)
        #expect(!file.isEmpty)
        try write("new\n", to: file)
        try file.finish()
        #expect(try folder.read("out.csv") == Data("old\n".utf8))
        let mark = try AppendedFile.Mark(file.place())
        try file.commit()
        #expect(try folder.read("out.csv") == Data("old\nnew\n".utf8))
        #expect(hidden.isEmpty)
        #expect(try AppendedFile.Mark(file.place()) == mark)
        // The next run begins there.
        let next = try AppendedFile(place(), key: "k", behind: mark)
        try write("newer\n", to: next)
        try next.finish()
        try next.commit()
        #expect(try folder.read("out.csv") == Data("old\nnew\nnewer\n".utf8))
    }

    /// However much of it an earlier run has appended, and whatever a power cut has made of that.
    @Test(arguments: ["old\n", "old\nn", "old\nne\0", "old\n\0\0\0\0", "old\nnew\n"])
    func aCommitThatWasCutShortIsDoneAgain(state: String) throws {
        let mark = try ended("new\n")
        try folder.write(state, to: "out.csv")
        let file = try AppendedFile(place(), key: "k", at: mark)
        try file.commit()
        #expect(try folder.read("out.csv") == Data("old\nnew\n".utf8))
        #expect(hidden.isEmpty)
        // The hidden file is gone, so it was all done.
        let again = try AppendedFile(place(), key: "k", at: mark)
        try again.commit()
        #expect(try folder.read("out.csv") == Data("old\nnew\n".utf8))
    }

    @Test(arguments: ["", "old", "oLd\n", "old\nnew\nx", "oLd\nnew\n"])
    func whatOthersHaveChangedIsRefused(state: String) throws {
        let mark = try ended("new\n")
        try folder.write(state, to: "out.csv")
        let file = try AppendedFile(place(), key: "k", at: mark)
        #expect { try file.commit() } throws: { ($0 as? OutputFailure)?.message.contains("changed") == true }
        file.suspend()
        #expect(try folder.read("out.csv") == Data(state.utf8))
        #expect(hidden.count == 1)
    }

    @Test func whatOthersAppendMeanwhileIsRefused() throws {
        let file = try AppendedFile(place(), key: "k", behind: nil)
        try write("new\n", to: file)
        try file.finish()
        try folder.write("old\nx", to: "out.csv")
        #expect { try file.commit() } throws: { ($0 as? OutputFailure)?.message.contains("changed") == true }
        file.abort()
        #expect(try folder.read("out.csv") == Data("old\nx".utf8))
        #expect(hidden.isEmpty)
    }

    @Test func aRunThatWritesNothingLeavesTheMarkOfTheOneBefore() throws {
        let mark = try ended("")
        let file = try AppendedFile(place(), key: "k", at: mark)
        try file.commit()
        #expect(try folder.read("out.csv") == Data("old\n".utf8))
        #expect(throws: Never.self) { try AppendedFile(place(), key: "k", behind: mark).abort() }
        try folder.write("oLd\n", to: "out.csv")
        #expect(throws: OutputFailure.self) { try AppendedFile(place(), key: "k", behind: mark) }
    }
}
