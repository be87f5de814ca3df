import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeKit

/// What killed runs leave beside an output goes with the next run that writes it, and nothing else does.
@Suite struct DeadFilesTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    /// Leaves a file as a run that was killed does.
    private func leave(_ output: String, isLocked: Bool = true) throws -> String {
        let name = String(decoding: HiddenName(of: Array(output.utf8)).next(isLocked: isLocked), as: UTF8.self)
        try folder.write("half of it", to: name)
        return name
    }

    private func write(_ output: String) throws {
        let file = try Output.open(folder.path(output))
        try file.finish()
        try file.commit()
    }

    @Test func aFileOfADeadRunIsRemoved() throws {
        let name = try leave("out.db")
        for suffix in ["-journal", "-wal", "-shm"] { try folder.write("", to: name + suffix) }
        try write("out.db")
        #expect(folder.names == ["out.db"])
    }

    @Test func itIsRemovedBeforeAnythingIsWritten() throws {
        let name = try leave("out.csv")
        let file = try Output.open(folder.path("out.csv"))
        #expect(!folder.names.contains(name))
        file.abort()
        #expect(folder.names == [])
    }

    @Test func aFileOfALiveRunStays() throws {
        let other = try Output.open(folder.path("out.csv"))
        try other.write("theirs")
        try write("out.csv")
        try write("out.csv")
        #expect(folder.names.count == 2)
        try other.finish()
        try other.commit()
        #expect(try folder.text("out.csv") == "theirs")
        #expect(folder.names == ["out.csv"])
    }

    @Test(arguments: ["out", "out.csv.gz", "other.csv", "a.out.csv", "out.csvx", "OUT.csv", "out.csv.mhpipe-1-2-3.tmp"])
    func aFileOfAnotherOutputStays(output: String) throws {
        let name = try leave(output)
        try write("out.csv")
        #expect(folder.names.contains(name))
    }

    /// Names of this length are cut, and must be told apart all the same.
    @Test func longNamesThatBeginAlikeAreNotTheSame() throws {
        let start = String(repeating: "ä", count: 110)
        let name = try leave(start + "1")
        try write(start + "2")
        #expect(folder.names.contains(name))
        try write(start + "1")
        #expect(!folder.names.contains(name))
    }

    @Test func aNameThatOnlyLooksAlikeStays() throws {
        let name = try leave("out.csv")
        try FileManager.default.removeItem(atPath: folder.path(name))
        let parts = name.dropLast(4).split(separator: "-").map(String.init)
        let (machine, process, random) = (parts[1], parts[2], parts[3])
        let other = machine == "00000000" ? "00000001" : "00000000"
        let alike = [
            ".out.csv.mhpipe-\(process)-\(random).tmp",
            ".out.csv.mhpipe-\(other)-\(process)-\(random).tmp",
            ".out.csv.mhpipe-\(machine)-\(process)x-\(random).tmp",
            ".out.csv.mhpipe-\(machine)-\(process)-\(random)0.tmp",
            ".out.csv.mhpipe-\(machine)-\(process)-\(random).tmp2",
            ".out.csv.mhpipe-\(machine)-\(process)-\(random)",
            ".out.csv.mhpipe-\(machine)-\(process)-\(random)-1.tmp",
            ".out.csv.mhpipe-\(machine)-\(process)-nothexxx.tmp",
            "out.csv.mhpipe-\(machine)-\(process)-\(random).tmp",
        ]
        for name in alike { try folder.write("mine", to: name) }
        try write("out.csv")
        #expect(folder.names == (alike + ["out.csv"]).sorted())
    }

    @Test func whatIsNoFileStays() throws {
        let (first, second) = (try leave("out.csv"), try leave("out.csv"))
        for name in [first, second] { try FileManager.default.removeItem(atPath: folder.path(name)) }
        try FileManager.default.createDirectory(atPath: folder.path(first), withIntermediateDirectories: false)
        try folder.write("mine", to: "precious")
        try FileManager.default.createSymbolicLink(atPath: folder.path(second), withDestinationPath: "precious")
        try write("out.csv")
        #expect(folder.names == [first, second, "out.csv", "precious"].sorted())
    }

    /// Without locks nobody can tell a live run from a dead one, so what such runs write is never removed.
    @Test func whereThereAreNoLocksNothingIsRemoved() throws {
        let place = try OutputPlace(resolving: folder.path("out.csv"))
        let file = try AtomicFile(place) { _ in .unavailable }
        let name = try #require(folder.names.first)
        #expect(folder.names.count == 1 && name.hasPrefix(".out.csv.mhpipe-unlocked-"))
        try write("out.csv")
        #expect(folder.names.contains(name))
        try file.finish()
        try file.commit()
        #expect(folder.names == ["out.csv"])
    }

    /// Another run may take a file for a dead one's before it is locked: it has the lock, or has removed the file by then.
    @Test(arguments: [true, false])
    func aFileThatIsSweptBeforeItIsLockedIsMadeAnew(isHeld: Bool) throws {
        let place = try OutputPlace(resolving: folder.path("out.csv"))
        var calls = 0
        let file = try AtomicFile(place) { descriptor in
            calls += 1
            guard calls == 1 else { return FileLock.take(descriptor) }
            if isHeld { return .held }
            for name in folder.names { unlink(folder.path(name)) }
            return FileLock.take(descriptor)
        }
        try file.write("text")
        try file.finish()
        try file.commit()
        #expect(calls == 2)
        #expect(folder.names == ["out.csv"])
        #expect(try folder.text("out.csv") == "text")
    }
}
