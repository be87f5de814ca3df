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
        let whole = try contents { sink in try write(units[...], to: &sink) }
        for stop in 0...units.count {
            for extra in [0, 2] {
                findings.attempt("stopped after \(stop) units and \(extra) that are written anew") { findings in
                    findings.expect(
                        try trial.resumed(units, at: stop, extra: extra) == whole,
                        "stopped after \(stop) units and \(extra) that are written anew, it writes something else"
                    )
                }
            }
        }
        findings.attempt("appended to") { findings in
            let half = units.count / 2
            let appended = try trial.appended(Array(units[..<half]), Array(units[half...]))
            findings.expect(appended == whole, "what is appended to an earlier output makes another one")
        }
        try checkForeignCheckpoint()
    }

    /// Writes up to a checkpoint and some units more, lets go, and goes on with another instance.
    private func resumed(_ units: [[String]], at stop: Int, extra: Int) throws -> [String] {
        let folder = try ConformanceFolder()
        var (first, outputs) = try make(folder)
        try first.open(.fresh)
        try write(units[..<stop], to: &first)
        let checkpoint = try first.checkpoint()
        try write(units[stop..<min(stop + extra, units.count)], to: &first)
        first.suspend()
        var (second, _) = try make(folder)
        try second.open(.resume(checkpoint))
        try write(units[stop...], to: &second)
        try second.finish()
        try second.commit()
        return try folder.texts(of: outputs, sample)
    }

    /// Commits some units, and appends others in a later run.
    private func appended(_ first: [[String]], _ second: [[String]]) throws -> [String] {
        let folder = try ConformanceFolder()
        var (sink, outputs) = try make(folder)
        try sink.open(.fresh)
        try write(first[...], to: &sink)
        let checkpoint = try sink.checkpoint()
        try sink.finish()
        try sink.commit()
        var (later, _) = try make(folder)
        try later.open(.append(checkpoint))
        try write(second[...], to: &later)
        try later.finish()
        try later.commit()
        return try folder.texts(of: outputs, sample)
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
        return (try S(options, PluginContext(stage: "test")), PluginSample.outputs(of: options))
    }
}
