import Libc
import MHPipeKit

/// Which events of a source all stages drop that take them, as far as the proof finds the fields to tell.
@safe
struct EarlyDrops {
    /// For each stage that takes events of the source, its tests.
    private let stages: [[FieldTextTest]]

    /// Nil when some stage has no test of a field that is found.
    init?(_ stages: [[FieldTextTest]]) {
        self.stages = stages.map { tests in Array(tests.prefix { Self.isFound($0.field) }) }
        guard !self.stages.isEmpty, self.stages.allSatisfy({ !$0.isEmpty }) else { return nil }
    }

    private static func isFound(_ field: KnownField) -> Bool { field == .eventSource || field == .eventName }

    /// True for a column that hides a field which is tested.
    static func isHidden(by column: String) -> Bool {
        KnownField.allCases.contains { isFound($0) && $0.key == column }
    }

    /// Whether an event is dropped by every stage; false also where that cannot be told from texts.
    ///
    /// - Parameters:
    ///   - object: What was proven of it.
    ///   - record: Its text.
    /// - Returns: True for one that is dropped.
    func contain(_ object: ObjectProof.Object, _ record: UnsafePointer<UInt8>) -> Bool {
        // What comes from `aws:sqs` and the like is no event, whatever else it says.
        guard object.isPlainEvent, let source = unsafe Self.text(record, object.eventSource, object),
            unsafe !source.starts(with: Self.notice)
        else { return false }
        for tests in stages {
            var isDropped = false
            for test in tests where !isDropped {
                let text = unsafe test.field == .eventSource ? source : Self.text(record, object.eventName, object)
                guard let text = unsafe text else { return false }
                isDropped = unsafe test.drops(text)
            }
            if !isDropped { return false }
        }
        return true
    }

    private static let notice = Array("aws:".utf8)

    /// The text of a string that is not empty and is written without escapes.
    private static func text(
        _ record: UnsafePointer<UInt8>,
        _ place: Int,
        _ object: ObjectProof.Object
    ) -> UnsafeBufferPointer<UInt8>? {
        guard place > 0, unsafe record[place] == UInt8(ascii: "\"") else { return nil }
        let start = unsafe record + place + 1
        guard let quote = unsafe memchr(start, 0x22, object.end - place - 1) else { return nil }
        let text = unsafe UnsafeBufferPointer(start: start, count: UnsafeRawPointer(start).distance(to: quote))
        return unsafe text.isEmpty || JSONText.hasBackslash(text) ? nil : text
    }
}
