import MHPipeKit
import Testing

@Suite struct OutputBufferTests {
    @Test func takesBytesInEveryForm() {
        let buffer = OutputBuffer(capacity: 0)
        #expect(buffer.isEmpty && buffer.count == 0)
        buffer.append(UInt8(ascii: "a"))
        buffer.append([UInt8]("bc".utf8))
        buffer.append("dé")
        Array("f".utf8).withUnsafeBufferPointer { buffer.append($0) }
        buffer.append(UnsafeBufferPointer(start: nil, count: 0))
        #expect(Array(buffer.bytes) == Array("abcdéf".utf8))
        buffer.removeLast()
        #expect(buffer.count == 6)
        buffer.removeAll()
        buffer.removeLast()
        #expect(buffer.isEmpty)
    }

    @Test func keepsItsBytesWhenItGrows() {
        let buffer = OutputBuffer(capacity: 1)
        var expected: [UInt8] = []
        for number in 0..<5000 {
            let piece = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 97)
            buffer.append(piece)
            expected += piece
        }
        #expect(Array(buffer.bytes) == expected)
        #expect(buffer.capacityInBytes >= expected.count)
    }

    @Test func givesRoomToWriteInto() {
        let buffer = OutputBuffer(capacity: 64)
        buffer.append("ab")
        let room = buffer.reserve(1000)
        #expect(room.count >= 1000)
        room[0] = UInt8(ascii: "c")
        buffer.commit(1)
        buffer.commit(0)
        #expect(Array(buffer.bytes) == Array("abc".utf8))
    }
}
