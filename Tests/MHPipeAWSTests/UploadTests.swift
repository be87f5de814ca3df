import MHPipeAWS
import MHPipeIO
import Testing

@Suite struct UploadTests {
    /// S3 takes 10,000 parts, of 5 GiB at most, and objects of 5 TiB.
    @Test func partsReachTheLargestObject() {
        let sizes = (1...10_000).map { PartSizes.bytes(of: $0) }
        #expect(sizes[0] == 8 << 20 && sizes[999] == 8 << 20 && sizes[1000] == 16 << 20)
        #expect(sizes.max().map { $0 <= 5 << 30 } == true)
        var (size, count) = (0, 0)
        while size < 5 << 40 {
            size += sizes[count]
            count += 1
        }
        #expect(count == 9282)
    }

    private static let state = UploadState(
        mark: "0123",
        upload: "2~a/b+c d",
        size: 20,
        isWhole: false,
        hash: [1, 2, 3],
        parts: [UploadedPart(size: 8, etag: "\"a b\"", checksum: "x="), UploadedPart(size: 9, etag: "tag")],
        tail: Array("\n\nthe rest\n\n".utf8)
    )

    @Test func statesAreReadAsTheyWereWritten() {
        var state = Self.state
        #expect(UploadState(state.bytes) == state)
        (state.upload, state.parts, state.tail, state.isWhole) = (nil, [], [], true)
        #expect(UploadState(state.bytes) == state)
    }

    @Test func damagedStatesAreNone() {
        let bytes = Self.state.bytes
        let head = bytes.count - Self.state.tail.count
        for end in 0..<(head - 1) { #expect(UploadState(Array(bytes[..<end])) == nil, "cut at \(end)") }
        let text = String(decoding: bytes, as: UTF8.self)
        for (old, new) in [
            ("upload 1", "upload 2"), ("mark", "mork"), ("size 20", "size x"), ("size 20", "size 20\nsize 20"),
            ("whole no", "whole maybe"), ("part 8", "part -"), ("hash 010203", "hash 0102x"),
        ] {
            #expect(UploadState(Array(text.replacing(old, with: new).utf8)) == nil, "\(new)")
        }
    }

    @Test(arguments: [0, 1, 63, 64, 1000])
    func hashesAreGoneOnWith(first: Int) throws {
        let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var hash = try ResumableSHA256()
        bytes[..<first].withUnsafeBytes { hash.update($0) }
        _ = hash.hash
        var other = try #require(try ResumableSHA256(state: hash.state))
        bytes[first...].withUnsafeBytes { other.update($0) }
        let whole = try SHA256()
        whole.update(bytes)
        #expect(other.hash == whole.finish())
        #expect(try ResumableSHA256(state: [1, 2]) == nil)
    }

    @Test func wordsAreQuotedForShells() {
        #expect(ShellWord.quoted("AWSLogs/a-b_c.json") == "AWSLogs/a-b_c.json")
        #expect(ShellWord.quoted("a b'c") == "'a b'\\''c'")
    }
}
