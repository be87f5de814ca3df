import MHPipeKit

/// What a transform does to an event depends on nothing but the event.
struct TransformConformance<T: Transform> {
    let sample: PluginSample
    let records: [String]
    private(set) var findings = Findings()

    init(sample: PluginSample, records: [String]) {
        self.sample = sample
        self.records = records
    }

    mutating func check() throws {
        let all = EventBatch(records: records)
        findings.expect(all.rowCount == records.count, "a record of the check is not valid JSON")
        guard try checkRecords() else { return }
        var transform = try make()
        let whole = try run(&transform, records)
        checkBatch(whole.batch)
        try checkAdditions(whole.batch)
        try checkEmptyBatches()
        try checkWorkers(whole.lines)

        // One instance for all that follows: what it has seen makes no difference.
        var lines: [String] = []
        for record in records { lines += try run(&transform, [record]).lines }
        findings.expect(lines == whole.lines, "batches of one record give something else")
        for split in 0...records.count {
            let first = try run(&transform, Array(records[..<split]))
            let second = try run(&transform, Array(records[split...]))
            findings.expect(first.lines + second.lines == whole.lines, "a batch split at \(split) gives something else")
        }
        var fresh = try make()
        findings.expect(
            try run(&fresh, records).lines == run(&transform, records).lines,
            "an instance that was used gives something else than a new one"
        )
    }

    /// No record makes it throw, which would end the run; false when one does.
    private mutating func checkRecords() throws -> Bool {
        var transform = try make()
        for record in records {
            do {
                _ = try run(&transform, [record])
            } catch {
                findings.expect(false, "throws \(error) for the record \(record.prefix(120))")
            }
        }
        return findings.texts.isEmpty
    }

    /// Events that are left keep their order and their own text.
    private mutating func checkBatch(_ batch: EventBatch) {
        let rows = batch.map(\.row)
        findings.expect(rows == Array(Set(rows)).sorted(), "the events are in another order: \(rows)")
        if !(T.self is any RewritingTransform.Type) {
            findings.expect(batch.allSatisfy { $0.json == records[$0.row] }, "the text of a record is another")
        }
        findings.expect(
            Set(batch.columns.map(\.name)).count == batch.columns.count,
            "two columns have one name: \(batch.columns.map(\.name))"
        )
    }

    /// Nothing is added but what the transform says it adds.
    private mutating func checkAdditions(_ batch: EventBatch) throws {
        guard let fields = T.adds(try sample.decode(T.self, .transform, folder: "")) else { return }
        for event in batch {
            for column in batch.columns where column.isSet(row: event.row) {
                guard let value = event[FieldPath(keys: [column.name])] else { continue }
                findings.expect(
                    Self.holds(value, among: fields, key: column.name),
                    "adds '\(column.name)' to record \(event.row), which is not what 'adds' says: \(value.json)"
                )
            }
        }
    }

    private static func holds(_ value: JSONValue, among fields: [EventField], key: String) -> Bool {
        fields.first { $0.key == key }.map { holds(value, $0.content) } ?? false
    }

    private static func holds(_ value: JSONValue, _ content: EventField.Content) -> Bool {
        if value.isNull { return true }
        switch content {
        case .anything, .usually: return true
        case .value: return value.kind != .object && value.kind != .array
        case .text: return value.kind == .string
        case .number: return value.kind == .number || value.kind == .string
        case .boolean: return value.bool != nil || ["true", "false"].contains(value.string)
        case .oneOf(let texts): return texts.contains(value.string ?? value.json)
        case .object(let fields):
            return value.kind == .object && value.members.allSatisfy { holds($0.value, among: fields, key: $0.key) }
        case .list(let element):
            return value.kind == .array && value.elements.allSatisfy { holds($0, element) }
        }
    }

    private mutating func checkEmptyBatches() throws {
        var transform = try make()
        let empty = try run(&transform, [])
        findings.expect(empty.lines.isEmpty, "a batch without records gives some")
        let batch = EventBatch(records: records)
        batch.keep { _ in false }
        try transform.process(batch)
        findings.expect(batch.count == 0, "events that were dropped are back")
    }

    /// Eight instances at once give what one gives.
    private mutating func checkWorkers(_ whole: [String]) throws {
        let instances = try (0..<8).map { _ in OneThread(try make()) }
        let lines = (0..<8).map { _ in OneThread<[String]>([]) }
        let (sample, records) = (sample, records)
        try Workers.run(8) { number in
            let check = TransformConformance(sample: sample, records: records)
            lines[number].value = try check.run(&instances[number].value, records).lines
        }
        findings.expect(lines.allSatisfy { $0.value == whole }, "8 instances at once give something else than one")
    }

    private func make() throws -> T {
        try T(sample.decode(T.self, .transform, folder: ""), PluginContext(stage: "test"))
    }

    private func run(_ transform: inout T, _ records: [String]) throws -> (batch: EventBatch, lines: [String]) {
        let batch = EventBatch(records: records)
        try transform.process(batch)
        let output = OutputBuffer()
        JSONLines().append(batch, to: output)
        let lines = unsafe String(decoding: output.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        return (batch, lines)
    }
}
