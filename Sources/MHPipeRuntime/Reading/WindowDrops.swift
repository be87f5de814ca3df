import MHPipeKit

/// Finds the records of a text that were proven to be sound and that are dropped, or of which few members are read, so
/// that only the others are indexed as a whole.
///
/// It goes on until it meets a record that is not proven; that one, and what follows, is indexed like any text. Owned by
/// one worker.
final class WindowDrops {
    /// Where in a document a text begins, of which the records are whole at an offset.
    enum Place {
        /// With a record, as an element of an array.
        case element(Int)
        /// Behind such a record.
        case behindElement
        /// With a line, of which each holds a record.
        case line
    }

    /// Records with one fate, one behind the other.
    struct Stretch {
        /// From the first brace of the first to behind the last one, and behind its line where records are lines.
        var range: Range<Int>
        var fate: ProvenRecords.Fate
    }

    /// In rising order.
    private(set) var stretches: [Stretch] = []
    /// Those of them that are read by their outlines, with the offset of each.
    private(set) var outlined: [(start: Int, object: ObjectProof.Object)] = []
    /// Up to here all records are proven.
    private(set) var end = 0

    private let proof: ObjectProof
    private let maxRecordBytes: Int
    /// How much more text was looked at in vain than was dropped, lately.
    private var vain = 0

    init(_ proof: ObjectProof, maxRecordBytes: Int) {
        self.proof = proof
        self.maxRecordBytes = maxRecordBytes
    }

    /// Looks through a text behind which `ObjectProof.padding` more bytes can be read.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - place: What it begins with.
    ///   - drops: Which records are dropped.
    /// - Returns: True when there are such records; else the text is to be read as it is.
    func look(through text: UnsafeBufferPointer<UInt8>, from place: Place, _ drops: EarlyDrops) -> Bool {
        stretches.removeAll(keepingCapacity: true)
        outlined.removeAll(keepingCapacity: true)
        // Where little is spared, looking costs more.
        if vain > Self.mostVain {
            vain -= text.count / 16
            return false
        }
        switch place {
        case .line: unsafe look(text, from: 0, drops, next: Self.nextLine)
        case .element(let start): unsafe look(text, from: start, drops, next: Self.nextElement)
        case .behindElement:
            guard let (_, start) = unsafe Self.nextElement(text, 0), let start else { return false }
            unsafe look(text, from: start, drops, next: Self.nextElement)
        }
        return !stretches.isEmpty
    }

    private static let mostVain = 1 << 18

    private func look(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        _ drops: EarlyDrops,
        next: (UnsafeBufferPointer<UInt8>, Int) -> (end: Int, next: Int?)?
    ) {
        // Kept at hand meanwhile, since every access to what an object holds is checked.
        var (stretches, outlined, end) = (self.stretches, self.outlined, start)
        (self.stretches, self.outlined) = ([], [])
        defer { (self.stretches, self.outlined, self.end) = (stretches, outlined, end) }
        let proof = proof
        let keys = drops.keys
        let maxRecordBytes = maxRecordBytes
        var position: Int? = start
        var isInStretch = false
        var spared = 0
        while let record = position, record < text.count,
            let base = unsafe text.baseAddress.map({ unsafe $0 + record }),
            let object = unsafe proof.prove(
                UnsafeBufferPointer(start: base, count: text.count - record),
                looking: keys
            ),
            object.isPlainEvent, object.end <= maxRecordBytes,
            let behind = unsafe next(text, record + object.end)
        {
            let fate: ProvenRecords.Fate? =
                switch unsafe drops.verdict(object, base) {
                case .read: nil
                case .outlined: .outlined(1)
                case .unselected: .dropped(ProvenRecords.Dropped(unselected: 1))
                case .filtered: .dropped(ProvenRecords.Dropped(filtered: 1))
                }
            if let fate {
                spared += object.end
                if case .outlined = fate { outlined.append((record, object)) }
                let both = isInStretch ? stretches.last.flatMap { $0.fate + fate } : nil
                if let both, let last = stretches.indices.last {
                    stretches[last].range = stretches[last].range.lowerBound..<behind.end
                    stretches[last].fate = both
                } else {
                    stretches.append(Stretch(range: record..<behind.end, fate: fate))
                }
            }
            isInStretch = fate != nil
            end = behind.end
            position = behind.next
        }
        vain = max(vain + (end - start) - 2 * spared, 0)
    }

    /// Where a record ends that is an element, and where the next one begins, if there is one.
    private static func nextElement(_ text: UnsafeBufferPointer<UInt8>, _ end: Int) -> (end: Int, next: Int?)? {
        let comma = unsafe behindSpace(text, end)
        guard comma < text.count, unsafe text[comma] == UInt8(ascii: ",") else { return (end, nil) }
        let next = unsafe behindSpace(text, comma + 1)
        return unsafe (end, next < text.count && text[next] == UInt8(ascii: "{") ? next : nil)
    }

    /// Where a record ends that is a line, its line end included; nil when something else follows on it.
    private static func nextLine(_ text: UnsafeBufferPointer<UInt8>, _ end: Int) -> (end: Int, next: Int?)? {
        guard end < text.count, unsafe text[end] == 0x0A else { return nil }
        return (end + 1, end + 1)
    }

    private static func behindSpace(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var place = start
        while place < text.count {
            switch unsafe text[place] {
            case 0x20, 0x0A, 0x0D, 0x09: place += 1
            default: return place
            }
        }
        return place
    }
}
