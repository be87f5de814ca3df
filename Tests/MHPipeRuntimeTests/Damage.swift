import MHPipeTestSupport

/// One byte that is changed, put in or taken out.
struct Damage: CustomStringConvertible {
    enum Kind: CaseIterable {
        case change, insert, remove
    }

    let kind: Kind
    let position: Int
    let byte: UInt8

    init(_ count: Int, _ random: inout SplitMix64, from start: Int = 0) {
        kind = random.pick(Kind.allCases)
        position = start + random.below(count - start)
        let likely = Array(#"{}[]",:\n0"#.utf8) + [0x00, 0x0A, 0x1F, 0xFF, 0xC3]
        byte = random.once(in: 3) ? UInt8(random.below(256)) : random.pick(likely)
    }

    func apply(to text: [UInt8]) -> [UInt8] {
        var text = text
        switch kind {
        case .change: text[position] = byte
        case .insert: text.insert(byte, at: position)
        case .remove: text.remove(at: position)
        }
        return text
    }

    var description: String { "\(kind) \(byte) at \(position)" }
}
