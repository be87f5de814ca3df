import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeIO

@Suite struct TemporaryFileTests {
    /// Nothing is in the folder even while the file is used, so nothing can be left behind.
    @Test func hasNoName() throws {
        let folder = try TemporaryDirectory()
        var file = try TemporaryFile(in: folder.url.path(percentEncoded: false))
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
        for start in stride(from: 0, to: bytes.count, by: 70_000) {
            try bytes[start..<min(start + 70_000, bytes.count)].withUnsafeBytes { try file.append($0) }
            let count = file.count
            let last = try file.bytes(min(count, 100), at: count - min(count, 100))
            #expect(last.elementsEqual(bytes[..<count].suffix(100)))
        }
        let all = try file.bytes(bytes.count, at: 0)
        #expect(all == bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path(percentEncoded: false)).isEmpty)
    }

    @Test func aFolderThatIsMissingIsNamed() {
        let failure = #expect(throws: OutputFailure.self) { _ = try TemporaryFile(in: "/no/such") }
        #expect(failure?.message == "cannot write 'a temporary file in /no/such': No such file or directory")
    }
}
