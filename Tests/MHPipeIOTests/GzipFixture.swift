import CISAL

/// A gzip member whose parts a test may choose, and spoil.
struct GzipFixture {
    var content: [UInt8]
    var extra: [UInt8]?
    var name: String?
    var comment: String?
    var hasHeaderCRC = false
    /// What the trailer states instead of the truth.
    var statedCRC: UInt32?
    var statedLength: UInt32?

    init(_ content: some Sequence<UInt8>) {
        self.content = Array(content)
    }

    var header: [UInt8] {
        var flags: UInt8 = 0
        if hasHeaderCRC { flags |= 2 }
        if extra != nil { flags |= 4 }
        if name != nil { flags |= 8 }
        if comment != nil { flags |= 16 }
        var bytes: [UInt8] = [0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 3]
        if let extra { bytes += littleEndian(UInt32(extra.count)).prefix(2) + extra }
        if let name { bytes += Array(name.utf8) + [0] }
        if let comment { bytes += Array(comment.utf8) + [0] }
        if hasHeaderCRC { bytes += littleEndian(Self.crc(bytes)).prefix(2) }
        return bytes
    }

    /// The content as deflate blocks.
    ///
    /// The last of them says that no more follow, when `isWhole` is true.
    func deflated(isWhole: Bool = true) -> [UInt8] {
        var content = content
        var output = [UInt8](repeating: 0, count: content.count + content.count / 100 + 1024)
        var stream = isal_zstream()
        isal_deflate_stateless_init(&stream)
        stream.end_of_stream = isWhole ? 1 : 0
        stream.flush = UInt16(isWhole ? NO_FLUSH : FULL_FLUSH)
        let room = UInt32(output.count)
        content.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = room
                precondition(isal_deflate_stateless(&stream) == COMP_OK, "the output buffer is large enough")
            }
        }
        return Array(output.prefix(Int(room - stream.avail_out)))
    }

    var trailer: [UInt8] {
        littleEndian(statedCRC ?? Self.crc(content))
            + littleEndian(statedLength ?? UInt32(truncatingIfNeeded: content.count))
    }

    var bytes: [UInt8] { header + deflated() + trailer }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { crc32_gzip_refl(0, $0.baseAddress, UInt64($0.count)) }
    }

    private func littleEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}

/// Text that compresses, but not into nothing: `count` bytes, the same for the same seed.
func sampleText(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 32)
    while bytes.count < count {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes += Array("{\"eventName\":\"Notify\(state >> 40)\"},".utf8)
    }
    return Array(bytes.prefix(count))
}
