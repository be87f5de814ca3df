import MHPipeKit

/// A sink puts what it writes in its place when it commits, and no earlier.
struct SinkConformance<S: Sink> {
    let sample: PluginSample
    private(set) var findings = Findings()

    init(sample: PluginSample) {
        self.sample = sample
    }

    mutating func check() throws {
        try checkEmptyRuns()
        try checkOldFile()
        for steps in [0, 1, 2, 3] { try checkAbort(after: steps) }
        try checkSplits()
        try checkFinishTwice()
        try checkWorkers()
        try checkUnwritable()
        try checkConfinement()
    }

    /// A run without events leaves an output that can be read, whether or not there were files.
    private mutating func checkEmptyRuns() throws {
        let without = try contents { _, _ in }
        let with = try contents { sink, _ in
            var encoder = try sink.makeEncoder()
            let output = OutputBuffer()
            try encoder.finishUnit(into: output)
            try unsafe sink.write(output.bytes)
        }
        findings.expect(without == with, "a file without events makes another output than no file")
    }

    /// The old file stays until the commit, which leaves the new one and nothing else.
    private mutating func checkOldFile() throws {
        let folder = try ConformanceFolder()
        var (sink, outputs) = try make(folder)
        let old = try writeOld(folder)
        func isOld() throws -> Bool { try folder.data(of: outputs) == old }
        try sink.open()
        findings.expect(try isOld(), "the old output changes when the sink opens")
        try write([Self.batch()], to: &sink)
        findings.expect(try isOld(), "the old output changes when the sink writes")
        try sink.finish()
        findings.expect(try isOld(), "the old output changes when the sink finishes")
        try sink.commit()
        let new = try folder.data(of: outputs)
        findings.expect(new != old, "the new output is not in its place after the commit")
        findings.expect(folder.files == new.keys.sorted(), "the commit leaves other files: \(folder.files)")
        _ = try folder.texts(of: outputs, sample)
    }

    /// Whenever the sink is told to give up, the old file is there and nothing else.
    private mutating func checkAbort(after steps: Int) throws {
        for hadOutput in [true, false] {
            let folder = try ConformanceFolder()
            var (sink, outputs) = try make(folder)
            let old = hadOutput ? try writeOld(folder) : [:]
            try sink.open()
            if steps > 0 { try write([Self.batch()], to: &sink) }
            if steps > 1 { try write([Self.batch(), Self.batch()], to: &sink) }
            if steps > 2 { try sink.finish() }
            sink.abort()
            findings.expect(
                folder.files == old.keys.sorted(),
                "abort after \(steps) steps leaves \(folder.files)"
            )
            findings.expect(try folder.data(of: outputs) == old, "abort after \(steps) steps changes the output")
        }
    }

    /// How batches and writes fall makes no difference.
    private mutating func checkSplits() throws {
        let records = ConformanceRecords.all
        let whole = try contents { sink, _ in try Self.write([EventBatch(records: records)], to: &sink) }
        let single = records.map { EventBatch(records: [$0]) }
        let batches = try contents { sink, _ in try Self.write(single, to: &sink) }
        findings.expect(batches == whole, "batches of one event make another output")
        let writes = try contents { sink, _ in try Self.write(single, to: &sink, writesEach: true) }
        findings.expect(writes == whole, "a write for every batch makes another output")
        let units = try contents { sink, _ in
            var encoders = [try sink.makeEncoder(), try sink.makeEncoder()]
            for (number, batch) in single.enumerated() {
                let output = OutputBuffer()
                try encoders[number % 2].encode(batch, into: output)
                try encoders[number % 2].finishUnit(into: output)
                try unsafe sink.write(output.bytes)
            }
            try Self.finishUnit(&sink, single)
        }
        findings.expect(units == whole, "a unit for every event makes another output")
    }

    /// A second `finish`, as after a failure of another sink's, changes nothing.
    private mutating func checkFinishTwice() throws {
        let once = try contents { sink, _ in try Self.write([Self.batch()], to: &sink) }
        do {
            let twice = try contents { sink, _ in
                try Self.write([Self.batch()], to: &sink)
                try sink.finish()
            }
            findings.expect(twice == once, "a second finish makes another output")
        } catch {
            findings.expect(false, "a second finish throws \(error)")
        }
    }

    /// Eight encoders at once make what one makes.
    private mutating func checkWorkers() throws {
        func units(at once: Bool) throws -> [String] {
            try contents { sink, _ in
                let encoders = try (0..<8).map { _ in OneThread(try sink.makeEncoder()) }
                let outputs = (0..<8).map { _ in OneThread(OutputBuffer()) }
                let encode: @Sendable (Int) throws -> Void = { number in
                    let encoder = once ? number : 0
                    try encoders[encoder].value.encode(Self.batch(), into: outputs[number].value)
                    try encoders[encoder].value.finishUnit(into: outputs[number].value)
                }
                try once ? Workers.run(8, encode) : (0..<8).forEach(encode)
                for output in outputs { try unsafe sink.write(output.value.bytes) }
            }
        }
        findings.expect(try units(at: true) == units(at: false), "8 encoders at once make another output than one")
    }

    /// Where nothing can be written the run does not start, and the message names the place.
    private mutating func checkUnwritable() throws {
        let folder = try ConformanceFolder()
        try folder.write("a file", to: "file")
        // Some sinks make the folders that they write into.
        if try !writesFolders() { try expectRefusal(folder.path("missing")) }
        try expectRefusal(folder.path("file"))
        // Permissions do not stop every user.
        if try folder.makeLockedFolder("locked") { try expectRefusal(folder.path("locked")) }
        findings.expect(folder.files == ["file"], "a sink that does not open leaves \(folder.files)")
    }

    /// Where the names of files are made of what events hold, none lies elsewhere.
    private mutating func checkConfinement() throws {
        guard try writesFolders() else { return }
        for text in ["..", "../x", "../../../x", "/x", "a/../../../x", ".", "", "a/b", "a\0b", "a\nb", "x\\..\\y"] {
            let folder = try ConformanceFolder()
            try folder.write("", to: "below/this/folder/is/nothing")
            let options = try sample.decode(S.self, .sink, folder: folder.path("below/this/folder"))
            var sink = try S(options, PluginContext(stage: "test"))
            // A sink may refuse to write such an event.
            do {
                try sink.open()
                try write([EventBatch(records: [Self.record(of: text)])], to: &sink)
                try sink.finish()
                try sink.commit()
            } catch {
                sink.abort()
            }
            let outputs = PluginSample.outputs(of: options).map { "below/this/folder/\($0)/" }
            let outside = folder.files.filter { file in
                file != "below/this/folder/is/nothing" && !outputs.contains { file.hasPrefix($0) }
            }
            findings.expect(outside.isEmpty, "an event with '\(text)' in its fields makes a file outside: \(outside)")
        }
    }

    /// A record with one text wherever files are likely to have their names from.
    private static func record(of text: String) -> String {
        var escaped: [UInt8] = []
        JSONText.escape(text.utf8, into: &escaped)
        let text = "\"\(String(decoding: escaped, as: UTF8.self))\""
        let keys = [
            "recipientAccountId", "awsRegion", "eventTime", "eventName", "eventSource", "sourceIPAddress", "eventID",
        ]
        let fields = keys.map { "\"\($0)\":\(text)" }.joined(separator: ",")
        let identity = ["type", "accountId", "arn", "userName", "principalId"].map { "\"\($0)\":\(text)" }
        return "{\(fields),\"userIdentity\":{\(identity.joined(separator: ","))}}"
    }

    private func writesFolders() throws -> Bool {
        let folder = try ConformanceFolder()
        _ = try writeOld(folder)
        return try make(folder).1.contains { folder.isFolder($0) }
    }

    private mutating func expectRefusal(_ folder: String) throws {
        var sink = try S(sample.decode(S.self, .sink, folder: folder), PluginContext(stage: "test"))
        do {
            try sink.open()
            findings.expect(false, "opens in '\(folder)', where nothing can be written")
            sink.abort()
        } catch let error as StageError {
            findings.expect(error.message.contains(folder), "does not say where it cannot write: \(error.message)")
        } catch {
            findings.expect(false, "throws \(type(of: error)) where nothing can be written, not StageError")
        }
    }

    /// What the outputs hold after a run.
    private func contents(_ work: (inout S, ConformanceFolder) throws -> Void) throws -> [String] {
        let folder = try ConformanceFolder()
        var (sink, outputs) = try make(folder)
        try sink.open()
        try work(&sink, folder)
        try sink.finish()
        try sink.commit()
        return try folder.texts(of: outputs, sample)
    }

    /// Puts outputs of an earlier run, of one event, in their places: a sink may refuse to replace anything else.
    private func writeOld(_ folder: ConformanceFolder) throws -> [String: [UInt8]] {
        var (sink, outputs) = try make(folder)
        try sink.open()
        try write([EventBatch(records: Array(ConformanceRecords.all.prefix(1)))], to: &sink)
        try sink.finish()
        try sink.commit()
        return try folder.data(of: outputs)
    }

    /// A sink, and the names of its outputs in the folder.
    private func make(_ folder: ConformanceFolder) throws -> (S, [String]) {
        let options = try sample.decode(S.self, .sink, folder: folder.path("."))
        let outputs = PluginSample.outputs(of: options)
        guard !outputs.isEmpty else {
            throw sample.mistake("it names no output")
        }
        return (try S(options, PluginContext(stage: "test")), outputs)
    }

    private func write(_ batches: [EventBatch], to sink: inout S) throws {
        try Self.write(batches, to: &sink)
    }

    private static func write(_ batches: [EventBatch], to sink: inout S, writesEach: Bool = false) throws {
        var encoder = try sink.makeEncoder()
        let output = OutputBuffer()
        for batch in batches {
            try encoder.encode(batch, into: output)
            guard writesEach else { continue }
            try unsafe sink.write(output.bytes)
            output.removeAll()
        }
        try encoder.finishUnit(into: output)
        try unsafe sink.write(output.bytes)
        try finishUnit(&sink, batches)
    }

    /// Tells the sink that a unit has ended, which held these batches.
    private static func finishUnit(_ sink: inout S, _ batches: [EventBatch]) throws {
        let events = batches.reduce(0) { $0 + $1.rowCount }
        try sink.finishUnit(UnitOutcome(source: "test", id: UnitID("unit"), events: events))
    }

    private static func batch() -> EventBatch {
        EventBatch(records: ConformanceRecords.all)
    }
}
