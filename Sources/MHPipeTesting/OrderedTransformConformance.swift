import MHPipeKit

/// What a transform with state gives depends on the events and their order, and on nothing else.
struct OrderedTransformConformance<T: OrderedTransform> {
    let sample: PluginSample
    let records: [String]
    private(set) var findings = Findings()

    init(sample: PluginSample, records: [String]) {
        self.sample = sample
        self.records = records
    }

    mutating func check() throws {
        guard checkRecords() else { return }
        var trial = try OrderedTrial<T>(sample)
        let whole = try trial.run([records])
        if let gap = trial.accountGap { findings.expect(false, gap) }
        findings.expect(
            try given(records.map { [$0] }) == whole,
            "batches of one record give something else"
        )
        findings.expect(
            try given([[], records, []]) == whole,
            "batches without records change what is given"
        )
        for split in 1..<records.count {
            let parts = [Array(records[..<split]), Array(records[split...])]
            findings.expect(try given(parts) == whole, "a batch split at \(split) gives something else")
            findings.attempt("saved and restored after \(split) records") { findings in
                findings.expect(
                    try Self.resumed(sample, parts) == whole,
                    "saved and restored after \(split) records, it gives something else"
                )
            }
        }
        try checkDamagedState()
    }

    /// No record makes it throw, which would end the run; false when one does.
    private mutating func checkRecords() -> Bool {
        for record in records {
            findings.attempt("the record \(record.prefix(120))") { _ in
                var trial = try OrderedTrial<T>(sample)
                _ = try trial.run([[record]])
            }
        }
        return findings.texts.isEmpty
    }

    /// What a new instance gives.
    private func given(_ batches: [[String]]) throws -> [String] {
        var trial = try OrderedTrial<T>(sample)
        return try trial.run(batches)
    }

    /// What one instance gives of the first part, and another, to which it hands its state, of the rest.
    private static func resumed(_ sample: PluginSample, _ parts: [[String]]) throws -> [String] {
        var first = try OrderedTrial<T>(sample)
        var lines = try first.process(parts[0])
        var second = try OrderedTrial<T>(sample)
        try second.restore(first.save())
        lines += try second.run([parts[1]])
        return lines
    }

    /// A state that was cut short is refused, and not taken for another.
    private mutating func checkDamagedState() throws {
        var trial = try OrderedTrial<T>(sample)
        _ = try trial.process(records)
        let state = try trial.save()
        guard !state.isEmpty else { return }
        for count in Set([0, 1, state.count / 2, state.count - 1]).sorted() where count < state.count {
            var other = try OrderedTrial<T>(sample)
            do {
                try other.restore(Array(state[..<count]))
                findings.expect(false, "takes \(count) bytes of a state of \(state.count) for a whole one")
            } catch {}
        }
    }
}

/// One instance of a transform with state, and what it gave.
struct OrderedTrial<T: OrderedTransform> {
    private var transform: T
    private var taken = 0
    private var given = 0
    private var made = 0
    private var dropped = 0

    init(_ sample: PluginSample) throws {
        transform = try T(sample.decode(T.self, .transform, folder: ""), PluginContext(stage: "test"))
    }

    /// The lines that all batches give, and those that come at the end.
    mutating func run(_ batches: [[String]]) throws -> [String] {
        var lines: [String] = []
        for batch in batches { lines += try process(batch) }
        return lines + (try collect { try $0.finish(into: $1) })
    }

    /// The lines that one batch gives.
    mutating func process(_ records: [String]) throws -> [String] {
        let batch = EventBatch(records: records).detached()
        taken += batch.count
        defer { dropped += batch.takeDrops().total + batch.takeRejections().count }
        return try collect { try $0.process(batch, into: $1) }
    }

    func save() throws -> [UInt8] {
        let state = OutputBuffer()
        try transform.save(into: state)
        return unsafe Array(state.bytes)
    }

    mutating func restore(_ state: [UInt8]) throws {
        try transform.restore(state.span)
    }

    /// What is wrong with the accounts after `run`; nil when they add up.
    var accountGap: String? {
        guard taken + made != given + dropped else { return nil }
        return "\(taken) events came in and \(made) were made, but \(given) went on and \(dropped) were dropped"
    }

    private mutating func collect(_ work: (inout T, EventOutput) throws -> Void) throws -> [String] {
        let bytes = OutputBuffer()
        let output = EventOutput { JSONLines().append($0, to: bytes) }
        try work(&transform, output)
        try output.finish()
        given += output.passed
        made += output.made
        dropped += output.drops.total
        return unsafe String(decoding: bytes.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
