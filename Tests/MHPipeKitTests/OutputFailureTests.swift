import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@Suite struct OutputFailureTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test func aFolder() throws {
        let path = folder.path("")
        let failure = failure(path)
        #expect(failure?.message == "cannot write '\(path)': it is a folder")
        #expect(failure?.advice == "name a file in it, such as '\(path)events'")
    }

    @Test func aFolderThatIsNotThereYet() throws {
        let path = folder.path("out/")
        #expect(failure(path)?.message == "cannot write '\(path)': its name ends in '/', as only a folder's does")
    }

    @Test func aMissingFolder() throws {
        let path = folder.path("a/b/out.csv")
        let failure = failure(path)
        #expect(failure?.message == "cannot write '\(path)': the folder '\(folder.path("a/b"))' does not exist")
        #expect(failure?.advice == "make it first: mkdir -p '\(folder.path("a/b"))'")
        #expect(folder.names == [])
    }

    @Test func aFileInThePlaceOfAFolder() throws {
        try folder.write("", to: "a")
        let path = folder.path("a/out.csv")
        #expect(failure(path)?.message == "cannot write '\(path)': '\(folder.path("a"))' is not a folder")
    }

    @Test func aCircleOfLinks() throws {
        try FileManager.default.createSymbolicLink(atPath: folder.path("a"), withDestinationPath: "b")
        try FileManager.default.createSymbolicLink(atPath: folder.path("b"), withDestinationPath: "a")
        let path = folder.path("a")
        #expect(failure(path)?.message == "cannot write '\(path)': \(String(cString: strerror(ELOOP)))")
    }

    @Test func aNameThatIsTooLong() throws {
        let path = folder.path(String(repeating: "x", count: 300))
        #expect(failure(path)?.message == "cannot write '\(path)': File name too long")
    }

    @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
    func aFolderThatTakesNoFiles() throws {
        try folder.write("", to: "shut/old")
        chmod(folder.path("shut"), 0o555)
        defer { chmod(folder.path("shut"), 0o755) }
        let path = folder.path("shut/out.csv")
        let failure = failure(path)
        #expect(failure?.message == "cannot write '\(path)': Permission denied")
        #expect(failure?.advice?.contains("the folder '\(folder.path("shut"))' must take new files") == true)
    }

    @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
    func aFileThatIsWriteProtected() throws {
        try folder.write("old", to: "out.csv")
        chmod(folder.path("out.csv"), 0o444)
        let path = folder.path("out.csv")
        let failure = failure(path)
        #expect(failure?.message == "cannot write '\(path)': Permission denied")
        #expect(failure?.advice == "the file is write-protected; remove it or choose another name")
        #expect(try folder.text("out.csv") == "old")
    }

    @Test func aNameThatCannotBeReplaced() throws {
        let path = folder.path("out")
        let file = try Output.open(path)
        try file.finish()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        do {
            try file.commit()
            Issue.record("a folder was replaced")
        } catch {
            #expect(error.message == "cannot replace '\(path)': Is a directory")
        }
        #expect(folder.names == ["out"])
    }

    @Test(.enabled(if: access("/dev/full", F_OK) == 0, "there is no /dev/full here"))
    func aFullDisk() throws {
        let file = try Output.open("/dev/full")
        do {
            try file.write("x")
            Issue.record("/dev/full took a byte")
        } catch {
            #expect(error.message == "cannot write '/dev/full': No space left on device")
            #expect(error.advice == "free some space there, or write to another disk")
            #expect(!error.isBrokenPipe)
        }
    }

    @Test func standardOutputHasAName() {
        #expect(
            OutputFailure("-", errorNumber: ENOSPC).message == "cannot write standard output: No space left on device"
        )
    }

    private func failure(_ path: String) -> OutputFailure? {
        do {
            _ = try Output.open(path)
            return nil
        } catch {
            return error
        }
    }
}
