import MHPipeKit

/// A sink that is stopped at a checkpoint and gone on with writes what it writes in one go.
struct ResumableSinkConformance<S: ResumableSink> {
    let sample: PluginSample
    private(set) var findings = Findings()

    init(sample: PluginSample) {
        self.sample = sample
    }

    /// One event a unit; the last unit has none.
    private static var units: [[String]] { ConformanceRecords.all.map { [$0] } + [[]] }

    mutating func check() throws {
        let (trial, units) = (self, Self.units)
        guard try make(ConformanceFolder()).0.canGoOn else { return }
        let whole = try contents { sink in try write(units[...], to: &sink) }
        func expect(_ what: String, _ work: () throws -> [String]) {
            findings.attempt(what) { findings in
                findings.expect(try work() == whole, "\(what), it writes something else")
            }
        }
        for stop in 0...units.count {
            for extra in [0, 2] {
                for isKilled in [false, true] {
                    let end = isKilled ? "killed" : "stopped"
                    expect("\(end) after \(stop) units and \(extra) that are written anew") {
                        try trial.resumed(units, at: stop, extra: extra, isKilled: isKilled)
                    }
                }
            }
            expect("appended to after \(stop) units") { try trial.appended(units, at: stop, isStopped: false) }
            expect("appended to after \(stop) units, and stopped at each") {
                try trial.appended(units, at: stop, isStopped: true)
            }
        }
        expect("asked for a checkpoint after each unit") { try trial.checkpointed(units, isStopped: false) }
        expect("stopped after each unit") { try trial.checkpointed(units, isStopped: true) }
        try checkAbortedAppend()
        try checkForeignCheckpoint()
    }

    /// Writes up to a checkpoint and some units more, lets go, and goes on with another instance.
    private func resumed(_ units: [[String]], at stop: Int, extra: Int, isKilled: Bool) throws -> [String] {
        let folder = try ConformanceFolder()
        func begin() throws -> (Checkpoint, [String]) {
            var (first, outputs) = try make(folder)
            try first.open(.fresh)
            try write(units[..<stop], to: &first)
            let checkpoint = try first.checkpoint()
            try write(units[stop..<min(stop + extra, units.count)], to: &first)
            // A process that is killed calls nothing more; what it had locked is free.
            if !isKilled { first.suspend() }
            return (checkpoint, outputs)
        }
        let (checkpoint, outputs) = try begin()
        try end(units[stop...], .resume(checkpoint), folder)
        return try folder.texts(of: outputs, sample)
    }

    /// Commits some units, and appends others in a later run, which may be stopped after each of them.
    private func appended(_ units: [[String]], at place: Int, isStopped: Bool) throws -> [String] {
        let folder = try ConformanceFolder()
        let (first, outputs) = try make(folder)
        let checkpoint = try end(units[..<place], .fresh, folder, using: first)
        var start = SinkStart.append(checkpoint)
        for unit in isStopped ? units[place...] : [] { start = .resume(try stop(after: [unit], start, folder)) }
        try end(isStopped ? [] : units[place...], start, folder)
        return try folder.texts(of: outputs, sample)
    }

    /// Asks for a checkpoint after each unit, and perhaps stops there.
    private func checkpointed(_ units: [[String]], isStopped: Bool) throws -> [String] {
        let folder = try ConformanceFolder()
        var (sink, outputs) = try make(folder)
        if isStopped {
            var start = SinkStart.fresh
            for unit in units { start = .resume(try stop(after: [unit], start, folder)) }
            try end([], start, folder)
        } else {
            try sink.open(.fresh)
            for unit in units {
                try write([unit], to: &sink)
                _ = try sink.checkpoint()
            }
            try sink.finish()
            try sink.commit()
            sink.forgetting?.forget()
        }
        return try folder.texts(of: outputs, sample)
    }

    /// A run of one instance that is stopped at its end.
    private func stop(after units: ArraySlice<[String]>, _ start: SinkStart, _ folder: ConformanceFolder) throws
        -> Checkpoint
    {
        var (sink, _) = try make(folder)
        try sink.open(start)
        try write(units, to: &sink)
        let checkpoint = try sink.checkpoint()
        sink.suspend()
        return checkpoint
    }

    /// A run of one instance that commits, and the checkpoint at its end.
    @discardableResult
    private func end(
        _ units: ArraySlice<[String]>,
        _ start: SinkStart,
        _ folder: ConformanceFolder,
        using given: S? = nil
    ) throws -> Checkpoint {
        var sink = try given ?? make(folder).0
        try sink.open(start)
        try write(units, to: &sink)
        try sink.finish()
        let checkpoint = try sink.checkpoint()
        try sink.commit()
        sink.forgetting?.forget()
        return checkpoint
    }

    /// What was to be appended and was not leaves the output as it was.
    private mutating func checkAbortedAppend() throws {
        let folder = try ConformanceFolder()
        var (sink, outputs) = try make(folder)
        let checkpoint = try end(Self.units.prefix(2), .fresh, folder)
        let old = try folder.data(of: outputs)
        try sink.open(.append(checkpoint))
        try write(Self.units[2..<4], to: &sink)
        try sink.finish()
        findings.expect(try folder.data(of: outputs) == old, "the old output changes when it is appended to")
        sink.abort()
        findings.expect(try folder.data(of: outputs) == old, "abort after appending changes the output")
        findings.expect(folder.files == old.keys.sorted(), "abort after appending leaves \(folder.files)")
    }

    /// A checkpoint of nothing that it wrote is refused.
    private mutating func checkForeignCheckpoint() throws {
        let folder = try ConformanceFolder()
        var (sink, _) = try make(folder)
        do {
            try sink.open(.resume(Checkpoint(token: Array("no checkpoint of this sink".utf8))))
            findings.expect(false, "goes on at a checkpoint that it never gave")
            sink.abort()
        } catch {}
    }

    private func write(_ units: ArraySlice<[String]>, to sink: inout S) throws {
        var encoder = try sink.makeEncoder()
        for unit in units {
            let output = OutputBuffer()
            if !unit.isEmpty { try encoder.encode(EventBatch(records: unit), into: output) }
            try encoder.finishUnit(into: output)
            if !output.isEmpty { try unsafe sink.write(output.bytes) }
            try sink.finishUnit(UnitOutcome(source: "test", id: UnitID("unit"), events: unit.count))
        }
    }

    private func contents(_ work: (inout S) throws -> Void) throws -> [String] {
        let folder = try ConformanceFolder()
        var (sink, outputs) = try make(folder)
        try sink.open()
        try work(&sink)
        try sink.finish()
        try sink.commit()
        return try folder.texts(of: outputs, sample)
    }

    private func make(_ folder: ConformanceFolder) throws -> (S, [String]) {
        let options = try sample.decode(S.self, .sink, folder: folder.path("."))
        var context = PluginContext(stage: "test")
        context.stateKey = "test"
        return (try S(options, context), PluginSample.outputs(of: options))
    }
}
