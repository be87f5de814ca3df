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

    /// A test of a stage.
    private struct Step {
        let test: FieldTest
        let stage: Int
        let isFirst: Bool
        /// Where the tests of the next stage begin.
        let nextStage: Int
    }

    private let selector: EventSelector?
    /// The tests of each stage that takes events of the source, one stage behind the other; none where stages are not asked.
    ///
    /// In one array, of which nothing is taken out: to hold on to a stage or a test for each record takes longer than the test.
    private let steps: [Step]
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
        let found = stages.map { tests in
            Array(tests.prefix { Self.isUsual($0.field) || keys.fields.contains($0.field) })
        }
        var steps: [Step] = []
        for (stage, tests) in found.enumerated() {
            let nextStage = steps.count + tests.count
            for (number, test) in tests.enumerated() {
                steps.append(Step(test: test, stage: stage, isFirst: number == 0, nextStage: nextStage))
            }
        }
        self.steps = steps
        self.keys = keys.fields.isEmpty ? nil : keys
        unsafe seen = stages.map { _ in false }
        guard selector != nil || !stages.isEmpty || self.copies, found.allSatisfy({ !$0.isEmpty }) else { return nil }
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
            case .text(let text) = source, unsafe !Self.isNotice(text)
        else { return .read }
        if let selector {
            let isSelected = unsafe selector.isSelected { field in
                let place = keys?.place(of: field, in: object) ?? 0
                return unsafe place > 0 ? Self.value(record, place, object)?.text : nil
            }
            guard let isSelected else { return .read }
            if !isSelected { return .unselected }
        }
        guard !steps.isEmpty else { return copies && isOutlining ? .outlined : .read }
        var number = 0
        while number < steps.count {
            let value: FieldTest.Value?
            if steps[number].test.field == .eventSource {
                value = source
            } else if let place = place(of: steps[number].test.field, in: object) {
                value = unsafe Self.value(record, place, object)
            } else {
                return .read
            }
            guard let value else { return .read }
            if steps[number].isFirst, !value.isMissing, unsafe !seen[steps[number].stage] {
                unsafe seen[steps[number].stage] = true
            }
            if steps[number].test.drops(value) {
                number = steps[number].nextStage
            } else {
                number += 1
                if number == steps[number - 1].nextStage { return .read }
            }
        }
        return .filtered
    }

    /// Where the value of a field begins; 0 when the event has none, nil when nobody looked.
    private func place(of field: KnownField, in object: ObjectProof.Object) -> Int? {
        field == .eventName ? object.eventName : keys?.place(of: field, in: object)
    }

    /// True when a source begins with `aws:`.
    private static func isNotice(_ source: UnsafeBufferPointer<UInt8>) -> Bool {
        unsafe source.count >= 4 && source[3] == UInt8(ascii: ":") && source[0] == UInt8(ascii: "a")
            && source[1] == UInt8(ascii: "w") && source[2] == UInt8(ascii: "s")
    }

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
