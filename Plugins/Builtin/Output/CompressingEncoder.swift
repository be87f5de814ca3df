import MHPipeIO
import MHPipeKit

/// Compresses what another encoder makes, when asked to: one gzip member, or one frame of Zstandard, a unit of work.
///
/// A unit without events gives no member.
struct CompressingEncoder<Plain: EventEncoder>: EventEncoder {
    private var plainEncoder: Plain
    private let member: PackedMember?
    /// What one batch gave, before it is compressed.
    private let plain = OutputBuffer()

    init(_ plainEncoder: Plain, packing: Packing?) {
        self.plainEncoder = plainEncoder
        member = packing.map { PackedMember($0) }
    }

    mutating func encode(_ batch: EventBatch, into output: OutputBuffer) throws {
        guard let member else { return try plainEncoder.encode(batch, into: output) }
        plain.removeAll()
        try plainEncoder.encode(batch, into: plain)
        unsafe member.append(plain.bytes, to: output)
    }

    mutating func finishUnit(into output: OutputBuffer) throws {
        guard let member else { return try plainEncoder.finishUnit(into: output) }
        plain.removeAll()
        try plainEncoder.finishUnit(into: plain)
        unsafe member.append(plain.bytes, to: output)
        member.end(into: output)
    }
}

extension CompressingEncoder: TallyKeeping where Plain: TallyKeeping {
    var tally: [Int] { plainEncoder.tally }

    func remarks(_ tally: [Int]) -> [String] { plainEncoder.remarks(tally) }
}

extension CompressingEncoder: RecordCopying {
    var copiesRecords: Bool { cast(plainEncoder, to: (any RecordCopying).self)?.copiesRecords == true }
}
