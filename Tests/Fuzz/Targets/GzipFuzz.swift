import MHPipeIO
import MHPipeTestSupport

/// A gzip file: what comes out does not depend on how it comes in, and damage is told once for all.
enum GzipFuzz {
    static func run(_ bytes: [UInt8]) throws {
        let whole = unpack(bytes, stretch: .max)
        let pieces = unpack(bytes, stretch: 3)
        try FuzzFailure.unless(whole == pieces, "read in pieces it gives something else")
        for checksum in [nil] + Checksum.forms {
            var room = [UInt8](repeating: 0, count: 1 << 20)
            let count = bytes.withUnsafeBytes { stored in
                room.withUnsafeMutableBytes { room in WholeGzip(checksum: checksum)?.decompress(stored, into: room) }
            }
            guard let count, !bytes.isEmpty else { continue }
            try FuzzFailure.unless(
                whole.damage == nil && whole.text.elementsEqual(room.prefix(count)),
                "libdeflate takes what ISA-L does not, or gives something else"
            )
        }
    }

    private static func unpack(_ bytes: [UInt8], stretch: Int) -> Unpacked {
        let reader = GzipReader()
        let input = MemoryUnit.Stream(bytes, stretch: stretch)
        reader.start(input.read)
        return Unpacked(reader.read)
    }
}

/// Frames of Zstandard: likewise.
enum ZstdFuzz {
    static func run(_ bytes: [UInt8]) throws {
        let whole = try unpack(bytes, stretch: .max)
        let pieces = try unpack(bytes, stretch: 3)
        try FuzzFailure.unless(whole == pieces, "read in pieces it gives something else")
    }

    private static func unpack(_ bytes: [UInt8], stretch: Int) throws -> Unpacked {
        guard let reader = ZstdReader() else { throw FuzzFailure(description: "there is no memory") }
        let input = MemoryUnit.Stream(bytes, stretch: stretch)
        reader.start(input.read, prefix: UnsafeRawBufferPointer(start: nil, count: 0))
        return Unpacked(reader.read)
    }
}

/// What came out, the first MiB of it, and what was wrong.
private struct Unpacked: Equatable {
    private(set) var text: [UInt8] = []
    private(set) var damage: String?

    init(_ read: (UnsafeMutableRawBufferPointer) throws -> Int) {
        var room = [UInt8](repeating: 0, count: 256 << 10)
        do {
            while text.count < 1 << 20, case let count = try room.withUnsafeMutableBytes({ try read($0) }), count > 0 {
                text += room.prefix(count)
            }
        } catch {
            damage = String(describing: error)
        }
        text = Array(text.prefix(1 << 20))
    }
}
