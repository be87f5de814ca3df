import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeKit

/// Many files of one folder, and what is left of them.
@Suite struct OutputFolderTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func make(_ name: String = "lake", mostOpen: Int = 64, beginning: String = "") -> OutputFolder {
        OutputFolder(
            OutputTree(stringLiteral: folder.path(name)),
            mostOpen: mostOpen,
            beginning: Array(beginning.utf8)
        )
    }

    /// All paths in the folder, hidden ones too.
    private var paths: [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path(""))) ?? []).sorted()
    }

    private func message(_ work: () throws -> Void) -> String? {
        do {
            try work()
            return nil
        } catch let error as StageError {
            return error.message.replacing(folder.path("").dropLast(), with: "")
        } catch {
            return "throws \(error)"
        }
    }

    @Test func theFilesAppearTogether() throws {
        try folder.write("old", to: "lake/a/x.txt")
        try folder.write("other", to: "lake/b/y.txt")
        let output = make()
        try output.open()
        try output.write("1", to: "a/x.txt")
        try output.write("2", to: "c/d/z.txt")
        try output.write("3", to: "a/x.txt")
        try output.finish()
        try output.finish()
        #expect(try folder.text("lake/a/x.txt") == "old")
        try output.commit()
        #expect(
            paths == [
                "lake", "lake/a", "lake/a/x.txt", "lake/b", "lake/b/y.txt", "lake/c", "lake/c/d", "lake/c/d/z.txt",
            ]
        )
        #expect(try folder.text("lake/a/x.txt") == "13")
        #expect(try folder.text("lake/b/y.txt") == "other")
        #expect(try folder.text("lake/c/d/z.txt") == "2")
    }

    /// A name that somebody has taken for a folder meanwhile is one that no file can have.
    @Test(
        arguments: [
            (0, "no file of 'lake' has its new content"),
            (1, "'lake/0' is in place with what this run wrote; 'lake/1', 'lake/2' are as before it"),
            (2, "'lake/0', 'lake/1' are in place with what this run wrote; 'lake/2' is as before it"),
        ]
    )
    func aCommitThatFailsHalfWaySaysWhatIsInPlace(taken: Int, what: String) throws {
        for name in 0..<3 where name != taken { try folder.write("old", to: "lake/\(name)") }
        let output = make()
        try output.open()
        for name in 0..<3 { try output.write("new", to: "\(name)") }
        try output.finish()
        try folder.write("", to: "lake/\(taken)/x")
        let error = #expect(throws: StageError.self) { try output.commit() }
        let message = error.map { "\($0)".replacing(folder.path(""), with: "") }
        #expect(
            message == "cannot replace 'lake/\(taken)': Is a directory\n\(what);"
                + " see to 'lake/\(taken)', and run again, which writes all of them anew"
        )
        for name in 0..<3 where name != taken {
            #expect(try folder.text("lake/\(name)") == (name < taken ? "new" : "old"))
        }
        #expect(paths == ["lake"] + (0..<3).flatMap { $0 == taken ? ["lake/\($0)", "lake/\($0)/x"] : ["lake/\($0)"] })
    }

    @Test func ofManyFilesSomeAreNamed() throws {
        let output = make()
        try output.open()
        for name in 0..<30 { try output.write("new", to: "\(name)") }
        try output.finish()
        try folder.write("", to: "lake/5/x")
        let advice = #expect(throws: StageError.self) { try output.commit() }?.advice ?? ""
        #expect(advice.contains("lake/4' are in place with what this run wrote;"))
        #expect(advice.contains("lake/24' and 5 more are as before it;"))
    }

    @Test(arguments: [false, true], [0, 1, 2])
    func nothingIsLeftWithoutACommit(letsGo: Bool, steps: Int) throws {
        try folder.write("old", to: "lake/a/x.txt")
        do {
            let output = make()
            let fresh = make("fresh")
            try output.open()
            try fresh.open()
            if steps > 0 { try output.write("1", to: "a/x.txt") }
            if steps > 0 { try output.write("1", to: "b/c/x.txt") }
            if steps > 0 { try fresh.write("1", to: "b/c/x.txt") }
            if steps > 1 { try output.finish() }
            if !letsGo {
                output.abort()
                fresh.abort()
                #expect(paths == ["lake", "lake/a", "lake/a/x.txt"])
            }
        }
        #expect(paths == ["lake", "lake/a", "lake/a/x.txt"])
        #expect(try folder.text("lake/a/x.txt") == "old")
    }

    @Test func fewFilesAreOpenHoweverManyThereAre() throws {
        let output = make(mostOpen: 3, beginning: "head\n")
        try output.open()
        let before = openFiles
        for round in 0..<3 {
            for number in 0..<50 {
                let piece = String(repeating: "\(round)", count: 70_000)
                try output.write(piece, to: "\(number % 7)/\(number).txt")
                #expect(openFiles <= before + 3)
            }
        }
        try output.finish()
        try output.commit()
        #expect(openFiles <= before)
        let whole = "head\n" + (0..<3).map { String(repeating: "\($0)", count: 70_000) }.joined()
        for number in 0..<50 { #expect(try folder.text("lake/\(number % 7)/\(number).txt") == whole) }
    }

    @Test(arguments: ["../x", "a/../../x", "/x", "", "a//b", "a/", ".", "..", "a/./b"])
    func noPathLeadsOut(path: String) throws {
        let output = make()
        try output.open()
        #expect(message { try output.write("x", to: path) }?.hasSuffix("it does not lie below '/lake'") == true)
        output.abort()
        #expect(paths == [])
    }

    @Test func noLinkLeadsOut() throws {
        try folder.write("mine", to: "elsewhere/x.txt")
        try folder.write("", to: "lake/ok/x.txt")
        for (name, target) in [
            ("folder", "../elsewhere"), ("file.txt", "../elsewhere/x.txt"), ("device", "/dev/null"), ("up", ".."),
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("lake/\(name)"),
                withDestinationPath: target
            )
        }
        let output = make()
        try output.open()
        for path in ["folder/x.txt", "file.txt", "device", "up/x.txt", "up/elsewhere/new"] {
            let message = message { try output.write("x", to: path) }
            #expect(message?.hasSuffix("leads to what is no file below '/lake'") == true, "\(path): \(message ?? "")")
        }
        try output.write("new", to: "ok/x.txt")
        try output.finish()
        try output.commit()
        #expect(try folder.text("elsewhere/x.txt") == "mine")
        #expect(paths.filter { $0.hasPrefix("elsewhere/") } == ["elsewhere/x.txt"])
    }

    @Test func twoPathsThatLeadToOneFileAreRefused() throws {
        try folder.write("", to: "lake/a/x.txt")
        try FileManager.default.createSymbolicLink(atPath: folder.path("lake/b"), withDestinationPath: "a")
        let output = make()
        try output.open()
        try output.write("1", to: "a/x.txt")
        let message = message { try output.write("2", to: "b/x.txt") }
        #expect(message == "cannot write '/lake/b/x.txt': it is the same file there as '/lake/a/x.txt'")
    }

    @Test func whereNothingCanBeWrittenItDoesNotOpen() throws {
        try folder.write("", to: "file")
        #expect(
            message { try make("missing/lake").open() }
                == "cannot write '/missing/lake': the folder '/missing' does not exist"
        )
        #expect(message { try make("file").open() }?.hasPrefix("cannot write '/file': ") == true)
        #expect(message { try make("file/lake").open() }?.hasPrefix("cannot write '/file/lake': ") == true)
        #expect(paths == ["file"])
    }

    @Test func whatADeadRunLeftGoesWithTheNext() throws {
        try folder.write("half", to: "lake/.files.mhpipe-unlocked-1-00000000.tmp/0")
        let dead = String(decoding: HiddenName(of: Array("files".utf8)).next(isLocked: true), as: UTF8.self)
        try folder.write("half", to: "lake/\(dead)/0")
        try folder.write("", to: "lake/\(dead)/lock")
        let living = make()
        try living.open()
        try living.write("x", to: "living.txt")
        let output = make()
        try output.open()
        try output.write("x", to: "a.txt")
        #expect(!paths.contains { $0.contains(dead) })
        try output.finish()
        try output.commit()
        try living.finish()
        try living.commit()
        #expect(
            paths == [
                "lake", "lake/.files.mhpipe-unlocked-1-00000000.tmp", "lake/.files.mhpipe-unlocked-1-00000000.tmp/0",
                "lake/a.txt", "lake/living.txt",
            ]
        )
    }

    @Test func aFileKeepsItsPermissions() throws {
        try folder.write("old", to: "lake/x.txt")
        chmod(folder.path("lake/x.txt"), 0o640)
        let output = make()
        try output.open()
        try output.write("new", to: "x.txt")
        try output.finish()
        try output.commit()
        #expect(folder.mode("lake/x.txt") == 0o640)
    }

    /// The files in the folder that this process has open.
    private var openFiles: Int {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return descriptors.count { number in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
            return target?.hasPrefix(folder.path("").dropLast()) == true
        }
    }
}

extension OutputFolder {
    fileprivate func write(_ text: String, to path: String) throws {
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBufferPointer { try write($0, to: path) }
    }
}
