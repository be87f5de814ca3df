import MHPipeDigests
import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// A log file is hashed whole before anything of it is handed on, whether it fits into memory or not.
@Suite struct CheckedUnitTests {
    @Test(arguments: [0, 64 << 20])
    func aFileIsReadWhole(_ mostBytesKept: Int) throws {
        let folder = try TemporaryDirectory()
        let trail = try SignedTrail(SigningKey(), hours: 2) { hour in
            [String(repeating: " ", count: 300_000 * hour) + "{\"Records\":[]}"]
        }
        try trail.write(to: folder)
        let keys = InputPath(stringLiteral: try folder.write(SigningKey.list([trail.signer]), to: "keys.json"))
        let root = FilePath(folder.path("copy"))
        let settings = TrailIntegrity.Settings(mode: .fail, publicKeys: [keys])
        let copy = try FolderStore(root)
        let integrity = try TrailIntegrity(copy, settings, TrailSelection(), now: .now, warn: { _ in })
        for hour in 0..<2 {
            let key = trail.logKey(hour, 0)
            let path = FilePath(folder.path("copy/" + key))
            let file = FileUnit(path, try FileStatus(path), isLink: false)
            let object = try #require(copy.address(below: Array(key.utf8)))
            let unit = CheckedUnit(file, object, integrity, mostBytesKept: mostBytesKept)
            #expect(unit.facts.column == nil)
            let stream = try unit.open()
            #expect(unit.facts.column?.json == "\"verified\"")
            var bytes: [UInt8] = []
            let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
            defer { room.deallocate() }
            while case let count = try stream.read(into: room), count > 0 { bytes += room[..<count] }
            #expect(bytes == trail.files[key])
        }
        try folder.write([1, 2, 3], to: "copy/" + trail.logKey(0, 0))
        let path = FilePath(folder.path("copy/" + trail.logKey(0, 0)))
        let changed = FileUnit(path, try FileStatus(path), isLink: false)
        let object = copy.address(below: Array(trail.logKey(0, 0).utf8))
        let error = #expect(throws: StageError.self) {
            try CheckedUnit(changed, object, integrity, mostBytesKept: mostBytesKept).open()
        }
        #expect(
            error?.endsRun == true && error?.message.hasSuffix("it is not the file that a digest file lists") == true
        )
    }
}
