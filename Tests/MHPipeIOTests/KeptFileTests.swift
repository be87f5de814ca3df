import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

/// A file that a later run goes on with.
@Suite struct KeptFileTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func place() throws -> OutputPlace { try OutputPlace(resolving: folder.path("out.csv")) }

    private func write(_ text: String, to file: KeptFile) throws {
        var text = text
        try text.withUTF8 { try file.write($0) }
    }

    private var hidden: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path(""))) ?? []).filter { $0.hasPrefix(".") }
    }

    @Test func whatStandsBehindTheMarkIsCutOff() throws {
        let first = try KeptFile(place(), key: "k")
        try write("one\n", to: first)
        let mark = try first.mark()
        try write("two\n", to: first)
        _ = try first.mark()
        first.suspend()
        let second = try KeptFile(place(), key: "k", at: KeptFile.Mark(mark.text))
        try write("three\n", to: second)
        try second.finish()
        #expect(!FileManager.default.fileExists(atPath: folder.path("out.csv")))
        try second.commit()
        #expect(try folder.read("out.csv") == Data("one\nthree\n".utf8))
        #expect(hidden.isEmpty)
    }

    @Test func aFileThatHasItsNameAlreadyIsLeftAlone() throws {
        let first = try KeptFile(place(), key: "k")
        try write("one\n", to: first)
        try first.finish()
        let mark = try first.mark()
        #expect(mark.isWhole)
        try first.commit()
        let second = try KeptFile(place(), key: "k", at: mark)
        #expect(!second.isEmpty)
        try second.finish()
        #expect(try second.mark() == mark)
        try second.commit()
        second.abort()
        #expect(try folder.read("out.csv") == Data("one\n".utf8))
    }

    @Test(arguments: ["shorter", "changed", "gone"])
    func anotherFileIsRefused(damage: String) throws {
        let first = try KeptFile(place(), key: "k")
        try write("one\n", to: first)
        let mark = try first.mark()
        first.suspend()
        let name = try #require(hidden.first)
        switch damage {
        case "shorter": try folder.write("on", to: name)
        case "changed": try folder.write("onE\n", to: name)
        default: try FileManager.default.removeItem(atPath: folder.path(name))
        }
        #expect { try KeptFile(place(), key: "k", at: mark) } throws: {
            ($0 as? OutputFailure)?.message.contains(name) == true
        }
    }

    @Test func aNewOneBeginsEmpty() throws {
        let first = try KeptFile(place(), key: "k")
        try write("one\n", to: first)
        _ = try first.mark()
        first.suspend()
        let second = try KeptFile(place(), key: "k")
        #expect(second.isEmpty)
        second.abort()
        #expect(hidden.isEmpty)
    }
}
