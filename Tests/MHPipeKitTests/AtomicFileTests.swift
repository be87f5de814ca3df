import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@Suite struct AtomicFileTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test func theNameAppearsWithCommitOnly() throws {
        try folder.write("old", to: "out.csv")
        let file = try Output.open(folder.path("out.csv"))
        try file.write("new ")
        try file.write("text")
        try file.finish()
        #expect(try folder.text("out.csv") == "old")
        #expect(folder.names.count == 2)
        #expect(
            folder.names.allSatisfy {
                $0 == "out.csv" || $0.hasPrefix(".out.csv.mhpipe-") && $0.contains("-\(getpid())-")
            }
        )
        try file.commit()
        #expect(try folder.text("out.csv") == "new text")
        #expect(folder.names == ["out.csv"])
    }

    @Test func abortLeavesTheOldFileAndNothingElse() throws {
        try folder.write("old", to: "out.csv")
        let file = try Output.open(folder.path("out.csv"))
        try file.write("new")
        try file.finish()
        file.abort()
        file.abort()
        #expect(try folder.text("out.csv") == "old")
        #expect(folder.names == ["out.csv"])
    }

    @Test func aFileThatIsLetGoOfIsRemoved() throws {
        var file: (any OutputFile)? = try Output.open(folder.path("out.csv"))
        try file?.write("new")
        file = nil
        #expect(folder.names == [])
    }

    @Test func abortAfterCommitKeepsTheFile() throws {
        let file = try Output.open(folder.path("out.csv"))
        try file.finish()
        try file.commit()
        file.abort()
        #expect(folder.names == ["out.csv"])
        #expect(try folder.text("out.csv") == "")
    }

    @Test func piecesOfAnySizeComeInOrder() throws {
        let sizes = [0, 1, 100_000, 262_143, 262_144, 262_145, 5, 1_000_000, 0, 200_000, 62_144, 1]
        let pieces = sizes.enumerated().map { [UInt8](repeating: UInt8($0.offset + 65), count: $0.element) }
        let file = try Output.open(folder.path("out"))
        for piece in pieces { try piece.withUnsafeBufferPointer { try file.write($0) } }
        try file.finish()
        try file.commit()
        #expect(try folder.read("out") == Data(pieces.joined()))
    }

    @Test func aNewFileHasTheModeOfAnyNewFile() throws {
        let file = try Output.open(folder.path("out"))
        try file.finish()
        try file.commit()
        let mask = umask(0)
        umask(mask)
        #expect(folder.mode("out") == 0o666 & ~mask)
    }

    @Test(arguments: [0o600, 0o640, 0o664, 0o755] as [mode_t])
    func theModeOfAnExistingFileIsKept(mode: mode_t) throws {
        try folder.write("old", to: "out")
        chmod(folder.path("out"), mode)
        let file = try Output.open(folder.path("out"))
        try file.finish()
        try file.commit()
        #expect(folder.mode("out") == mode)
    }

    @Test func aLinkIsWrittenThrough() throws {
        try folder.write("old", to: "real/data.csv")
        try FileManager.default.createSymbolicLink(atPath: folder.path("one"), withDestinationPath: "two")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("two"),
            withDestinationPath: folder.path("real/data.csv")
        )
        let file = try Output.open(folder.path("one"))
        try file.write("new")
        try file.finish()
        try file.commit()
        #expect(try folder.text("real/data.csv") == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("one")) == "two")
    }

    @Test func aLinkToNothingMakesItsTarget() throws {
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: "target")
        let file = try Output.open(folder.path("link"))
        try file.write("new")
        try file.finish()
        try file.commit()
        #expect(try folder.text("target") == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link")) == "target")
    }

    @Test func aNameAsLongAsTheFileSystemAllows() throws {
        let name = String(repeating: "ä", count: 125) + ".json"
        let file = try Output.open(folder.path(name))
        try file.write("x")
        try file.finish()
        try file.commit()
        #expect(folder.names == [name])
    }
}
