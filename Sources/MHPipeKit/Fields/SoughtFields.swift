/// The fields below requests and the like that a stage's options name, until an event has them.
///
/// What stands there differs from service to service, so nothing but events can tell whether it is a field. Events that the
/// stage surely drops count for nothing, since it is chance whether it sees them (`EarlyDropping`). Owned by one worker; a
/// field that was found costs nothing more.
package struct SoughtFields {
    package private(set) var sightings: [FieldSighting]
    /// The numbers of those that no event has had.
    private var open: [Int]
    private let tests: [FieldTest]

    /// Takes those of some fields that are open.
    ///
    /// - Parameters:
    ///   - paths: The fields.
    ///   - tests: What the stage surely drops.
    package init(_ paths: [FieldPath], besides tests: [FieldTest] = []) {
        self.tests = tests
        var seen: Set<FieldPath> = []
        sightings = paths.filter { $0.isOpen && seen.insert($0).inserted }.map { FieldSighting($0) }
        open = Array(sightings.indices)
    }

    /// Looks for them in the events that come to the stage.
    package mutating func look(at batch: EventBatch) {
        guard !open.isEmpty else { return }
        let batch = tests.isEmpty ? batch : passing(batch)
        open.removeAll { number in
            sightings[number].look(at: batch)
            if !sightings[number].isThere, Self.has(sightings[number].path, batch) { sightings[number].see() }
            return sightings[number].isThere
        }
    }

    /// The fields by which events are told that do not count.
    package var tested: [String] { Set(tests.map { $0.field.key }).sorted() }

    private func passing(_ batch: EventBatch) -> EventBatch {
        let readers = tests.map { ($0, FieldReader(FieldPath($0.field.key), batch)) }
        let rows = batch.selection.filter { row in
            !readers.contains { test, reader in Self.value(reader.slice(row)).map(test.drops) ?? false }
        }
        return batch.fork(selecting: rows)
    }

    /// What a test is asked of; nil where it is not.
    private static func value(_ slice: JSONSlice) -> FieldTest.Value? {
        switch slice.kind {
        case .missing: .missing
        case .string: unsafe slice.isEscaped || slice.bytes.isEmpty ? nil : .text(slice.bytes)
        case .bool: unsafe .boolean(slice.bytes.first == UInt8(ascii: "t"))
        case .null, .number, .object, .array: nil
        }
    }

    private static func has(_ path: FieldPath, _ batch: EventBatch) -> Bool {
        let reader = FieldReader(path, batch)
        return batch.selection.contains { !reader.slice($0).isAbsent }
    }
}

extension FieldPath {
    /// True for what stands below an object that differs from service to service.
    package var isOpen: Bool {
        switch known {
        case .requestParameters, .responseElements, .additionalEventData, .serviceEventDetails: keys.count > 1
        default: false
        }
    }
}
