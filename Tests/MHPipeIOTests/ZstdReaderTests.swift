import CZstd
import Testing

@testable import MHPipeIO

@Suite("zstd") struct ZstdReaderTests {
    private static let text = (0..<12_000).flatMap { Array(#"{"eventVersion":"1.08","n":\#($0)}"#.utf8) }

    private static func frame(_ bytes: [UInt8], checksum: Bool = true, windowLog: Int32 = 0) -> [UInt8] {
        guard let context = ZSTD_createCCtx() else { return [] }
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum ? 1 : 0)
        if windowLog > 0 {
            ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog)
            ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0)
        }
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let count = ZSTD_compress2(context, &output, output.count, bytes, bytes.count)
        return Array(output.prefix(count))
    }

    /// A frame without its size, as a stream makes it.
    private static func streamed(_ bytes: [UInt8], windowLog: Int32) -> [UInt8] {
        guard let context = ZSTD_createCCtx() else { return [] }
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog)
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count) + 1024)
        let count = output.withUnsafeMutableBytes { room in
            bytes.withUnsafeBytes { input in
                var target = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
                _ = ZSTD_compressStream2(context, &target, &source, ZSTD_e_continue)
                _ = ZSTD_compressStream2(context, &target, &source, ZSTD_e_end)
                return target.pos
            }
        }
        return Array(output.prefix(count))
    }

    /// What comes out, and what is said of damage.
    private static func read(_ stored: [UInt8], piece: Int = .max, room: Int = 256 << 10) throws -> (
        text: [UInt8], damage: CompressionDamage?
    ) {
        let reader = try #require(ZstdReader())
        var rest = stored[...]
        reader.start(
            { buffer in
                let next = rest.prefix(min(piece, buffer.count))
                buffer.copyBytes(from: next)
                rest = rest.dropFirst(next.count)
                return next.count
            },
            prefix: UnsafeRawBufferPointer(start: nil, count: 0)
        )
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: room)
        do {
            while case let count = try buffer.withUnsafeMutableBytes({ try reader.read(into: $0) }), count > 0 {
                text += buffer.prefix(count)
            }
            return (text, nil)
        } catch let damage as CompressionDamage {
            return (text, damage)
        }
    }

    @Test(arguments: [1, 7, 1000, Int.max], [1, 1000, 256 << 10])
    func frames(_ piece: Int, _ room: Int) throws {
        let text = Array(Self.text.prefix(room == 1 ? 5000 : Self.text.count))
        let skippable: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
        let stored =
            Self.frame(text) + skippable + Self.frame([]) + Self.frame(text, checksum: false)
            + Self.streamed(text, windowLog: 12)
        let (read, damage) = try Self.read(stored, piece: piece, room: room)
        #expect(damage == nil)
        #expect(read == text + text + text)
    }

    /// Every prefix gives the text before its end, and the same text however it is read.
    @Test func cutShort() throws {
        let text = Array(Self.text.prefix(600_000))
        let stored = Self.frame(text)
        for end in [1, 3, 4, 5, 6, 20, stored.count / 2, stored.count - 5, stored.count - 4, stored.count - 1] {
            let (whole, damage) = try Self.read(Array(stored[..<end]))
            #expect(damage == CompressionDamage(.zstd, .cutShort, at: end), "\(end)")
            #expect(text.starts(with: whole))
            let (pieces, same) = try Self.read(Array(stored[..<end]), piece: 11, room: 777)
            #expect(pieces == whole && same == damage, "\(end)")
        }
        // All blocks are there, only the checksum is not.
        #expect(try Self.read(Array(stored.dropLast(2))).text == text)
    }

    @Test func damagedBytes() throws {
        let text = Self.text
        let stored = Self.frame(text)
        for place in stride(from: 6, to: stored.count, by: max(stored.count / 12, 1)) {
            var damaged = stored
            damaged[place] ^= 0x55
            let (whole, damage) = try Self.read(damaged)
            #expect(damage != nil, "\(place)")
            let (pieces, same) = try Self.read(damaged, piece: 13, room: 999)
            #expect(pieces == whole && same == damage, "\(place)")
        }
        var checksum = stored
        checksum[stored.count - 1] ^= 1
        let (read, damage) = try Self.read(checksum)
        #expect(read == text && damage?.kind == .badChecksum)
    }

    @Test func whatIsNoFrame() throws {
        let frame = Self.frame(Array("{}".utf8))
        #expect(
            try Self.read(frame + [0, 0, 0, 0, 0]).damage == CompressionDamage(.zstd, .trailingBytes, at: frame.count)
        )
        #expect(try Self.read(frame + Array("{}".utf8)).text == Array("{}".utf8))
        #expect(try Self.read(frame + [0x28]).damage == CompressionDamage(.zstd, .cutShort, at: frame.count + 1))
        #expect(try Self.read([1, 2, 3, 4, 5, 6]).damage == CompressionDamage(.zstd, .badHeader, at: 0))
        #expect(try Self.read([]).damage == nil)
    }

    @Test func windowsThatAreTooLarge() throws {
        let text = Array(Self.text.prefix(1000))
        #expect(try Self.read(Self.streamed(text, windowLog: 27)).text == text)
        let damage = try Self.read(Self.streamed(text, windowLog: 28)).damage
        #expect(damage?.kind == .windowTooLarge)
        #expect(damage?.description.contains("zstd -d --long=31 FILE") == true)
    }

    @Test func everyDamageHasWords() {
        let texts = CompressionDamage.Kind.allCases.map { CompressionDamage(.zstd, $0, at: 7).description }
        #expect(Set(texts).count == texts.count && texts.allSatisfy { $0.contains("7") && $0.contains("zstd") })
    }

    /// A reader is started anew after damage.
    @Test func anotherFile() throws {
        let reader = try #require(ZstdReader())
        var buffer = [UInt8](repeating: 0, count: 100)
        for stored in [[1, 2, 3, 4], Self.frame(Array("abc".utf8))] {
            stored.withUnsafeBytes { reader.start({ _ in 0 }, prefix: $0) }
            let count = try? buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
            #expect(count == (stored.count == 4 ? nil : 3))
        }
    }
}
