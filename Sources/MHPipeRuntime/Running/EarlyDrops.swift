import Libc
import MHPipeKit

/// Which events of a source its selection drops, or all stages that take them, as far as the proof finds the fields to tell,
/// and whether the others are read as a whole.
///
/// One worker's own.
@safe
final class EarlyDrops {
    /// What is done with an event.
    enum Verdict {
        /// It is read: it is kept, or its fields do not tell.
        case read
        /// It is read, and nothing of it is looked at.
        case outlined
        case unselected, filtered
    }

    private let selector: EventSelector?
    /// For each stage that takes events of the source, its tests; none where stages are not asked.
    private let stages: [[FieldTest]]
    /// What is looked for beside the usual keys; nil for nothing.
    let keys: ObjectProof.Keys?
    /// True when nobody looks at what is in an event that is kept, as where it is only copied.
    private let copies: Bool
    /// False for a unit whose events are read as a whole nevertheless.
    var isOutlining = true
    /// For each stage, whether there was an event with a value in the field of its first test.
    var hasSeen: [Bool] { unsafe seen }
    // Looked at for each record: too often to check every access.
    @exclusivity(unchecked) private var seen: [Bool]

    /// Nil when some stage has no test of a field that is found, and nothing is spared.
    init?(_ stages: [[FieldTest]], selector: EventSelector? = nil, copies: Bool = false) {
        self.selector = selector
        // The selection looks at what it keeps once more.
        self.copies = copies && selector == nil
        let tested = stages.flatMap(\.self).map(\.field).filter { !Self.isUsual($0) }
        let further = (selector?.selection.fields ?? []) + tested
        let keys = ObjectProof.Keys(further.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        self.stages = stages.map { tests in
            Array(tests.prefix { Self.isUsual($0.field) || keys.fields.contains($0.field) })
        }
        self.keys = keys.fields.isEmpty ? nil : keys
        unsafe seen = stages.map { _ in false }
        guard selector != nil || !stages.isEmpty || self.copies, self.stages.allSatisfy({ !$0.isEmpty }) else {
            return nil
        }
    }

    private static func isUsual(_ field: KnownField) -> Bool { field == .eventSource || field == .eventName }

    /// True for a column that hides a field which may be tested.
    static func isHidden(by column: String) -> Bool { KnownField.allCases.contains { $0.key == column } }

    /// Says what is done with an event.
    ///
    /// - Parameters:
    ///   - object: What was proven of it.
    ///   - record: Its text.
    /// - Returns: What drops it, if that can be told from its fields.
    func verdict(_ object: ObjectProof.Object, _ record: UnsafePointer<UInt8>) -> Verdict {
        // What comes from `aws:sqs` and the like is no event, whatever else it says.
        guard object.isPlainEvent, let source = unsafe Self.value(record, object.eventSource, object),
            case .text(let text) = source, unsafe !text.starts(with: Self.notice)
        else { return .read }
        if let selector {
            let isSelected = unsafe selector.isSelected { field in
                let place = keys?.place(of: field, in: object) ?? 0
                return unsafe place > 0 ? Self.value(record, place, object)?.text : nil
            }
            guard let isSelected else { return .read }
            if !isSelected { return .unselected }
        }
        guard !stages.isEmpty else { return copies && isOutlining ? .outlined : .read }
        for (stage, tests) in stages.enumerated() {
            var isDropped = false
            for (number, test) in tests.enumerated() where !isDropped {
                let place =
                    switch test.field {
                    case .eventSource: object.eventSource
                    case .eventName: object.eventName
                    case let field: keys?.place(of: field, in: object)
                    }
                guard let place, let value = unsafe Self.value(record, place, object) else { return .read }
                if number == 0, place > 0, unsafe !seen[stage] { unsafe seen[stage] = true }
                isDropped = test.drops(value)
            }
            if !isDropped { return .read }
        }
        return .filtered
    }

    private static let notice = Array("aws:".utf8)

    /// What stands at a place, 0 for nothing; nil for what no test is asked of.
    private static func value(
        _ record: UnsafePointer<UInt8>,
        _ place: Int,
        _ object: ObjectProof.Object
    ) -> FieldTest.Value? {
        guard place > 0 else { return .missing }
        switch unsafe record[place] {
        case UInt8(ascii: "t"): return .boolean(true)
        case UInt8(ascii: "f"): return .boolean(false)
        case UInt8(ascii: "\""): break
        default: return nil
        }
        let start = unsafe record + place + 1
        guard let quote = unsafe memchr(start, 0x22, object.end - place - 1) else { return nil }
        let text = unsafe UnsafeBufferPointer(start: start, count: UnsafeRawPointer(start).distance(to: quote))
        return unsafe text.isEmpty || JSONText.hasBackslash(text) ? nil : .text(text)
    }
}
