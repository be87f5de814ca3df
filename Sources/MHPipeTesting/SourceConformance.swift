import MHPipeKit

/// A source hands out the same units each time, and each with all of its bytes.
struct SourceConformance<S: Source> {
    let sample: PluginSample
    private(set) var findings = Findings()

    init(sample: PluginSample) {
        self.sample = sample
    }

    mutating func check() throws {
        let folder = try Self.folder()
        let source = try make(folder.path("tree"))
        let (units, unreadable) = try list(source)
        findings.expect(!units.isEmpty, "no units")
        findings.expect(unreadable.isEmpty, "units that are there cannot be read: \(unreadable)")
        let bytes = try units.map { try checkBytes($0) }
        try checkWorkers(units)
        release(source, units)

        let secondSource = try make(folder.path("tree"))
        let (again, _) = try list(secondSource)
        findings.expect(units.map(\.name) == again.map(\.name), "other units the second time: \(again.map(\.name))")
        findings.expect(units.map(\.size) == again.map(\.size), "other sizes the second time: \(again.map(\.size))")
        checkIdentities(units, again)
        for (unit, bytes) in zip(again, bytes) {
            findings.expect(try read(unit, 1000) == bytes, "\(unit.name): other bytes in pieces")
        }
        release(secondSource, again)
        guard sample.namesFolder else { return }
        checkMissing(folder.path("nowhere"))
        try checkRemoved()
    }

    /// A folder with log files in its folder `tree`.
    static func folder() throws -> ConformanceFolder {
        let folder = try ConformanceFolder()
        // Whoever writes a source that reads a list is likely to try it with the first file.
        try folder.writeTree { name in
            name == "a.json" ? nil : (0..<3000).map { UInt8(truncatingIfNeeded: $0 * name.count) }
        }
        return folder
    }

    /// However a unit is read it gives the same bytes.
    private mutating func checkBytes(_ unit: any SourceUnit) throws -> [UInt8] {
        let bytes = try read(unit, 1 << 16)
        unit.prepare()
        unit.prepare()
        findings.expect(try read(unit, 1) == bytes, "\(unit.name): other bytes one by one, or after `prepare`")
        findings.expect(unit.size.map { $0 == bytes.count } ?? true, "\(unit.name): the size is not the bytes")
        findings.expect(
            try leave(unit) && read(unit, 1000) == bytes,
            "\(unit.name): other bytes after a read half-way"
        )
        return bytes
    }

    /// Gives back what a source that is a queue has handed out.
    private func release(_ source: S, _ units: [any SourceUnit]) {
        guard var queue = source as? any AcknowledgedSource, !units.isEmpty else { return }
        queue.released(units.map(\.id))
    }

    /// Eight units that are read at once give what they give one after the other.
    private mutating func checkWorkers(_ units: [any SourceUnit]) throws {
        guard !units.isEmpty else { return }
        let bytes = try units.map { try read($0, 1000) }
        let (sample, own) = (sample, (0..<8).map { _ in OneThread<[UInt8]>([]) })
        try Workers.run(8) { number in
            own[number].value = try SourceConformance(sample: sample).read(units[number % units.count], 1000)
        }
        let areEqual = own.enumerated().allSatisfy { $1.value == bytes[$0 % units.count] }
        findings.expect(areEqual, "units that are read at once give other bytes")
    }

    /// Reads the beginning of a unit and lets go of it, as a run that is cancelled does.
    private func leave(_ unit: any SourceUnit) throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 7)
        let stream = try unit.open()
        return try unsafe buffer.withUnsafeMutableBytes { try unsafe stream.read(into: $0) } <= 7
    }

    /// What is not there is reported, or ends the run with a message.
    private mutating func checkMissing(_ path: String) {
        do {
            let (units, unreadable) = try list(make(path))
            findings.expect(!unreadable.isEmpty || !units.isEmpty, "nothing is said of input that is not there")
            for unit in units { expectStageError("a unit that is not there") { _ = try unit.open() } }
        } catch let error as StageError {
            findings.expect(!error.message.isEmpty, "no message for input that is not there")
        } catch {
            findings.expect(false, "input that is not there: throws \(type(of: error)), not StageError")
        }
    }

    /// What goes away between the listing and the reading is the failure of its unit.
    private mutating func checkRemoved() throws {
        let folder = try ConformanceFolder()
        try folder.writeTree { _ in Array("{}".utf8) }
        let (units, _) = try list(make(folder.path("tree")))
        folder.removeFolder("tree")
        for unit in units { expectStageError("a unit that went away") { _ = try unit.open() } }
    }

    private mutating func expectStageError(_ what: String, _ work: () throws -> Void) {
        do {
            try work()
            findings.expect(false, "\(what) opens")
        } catch {
            findings.expect(error is StageError, "\(what): throws \(type(of: error)), not StageError")
        }
    }

    private func make(_ folder: String) throws -> S {
        try S(sample.decode(S.self, .source, folder: folder), PluginContext(stage: "test"))
    }

    /// What tells a unit from others tells it in the next run as well.
    private mutating func checkIdentities(_ units: [any SourceUnit], _ again: [any SourceUnit]) {
        let ids = units.map(\.id)
        findings.expect(ids == again.map(\.id), "other ids the second time: \(again.map(\.id))")
        var seen: Set<UnitID> = []
        let twice = ids.filter { !seen.insert($0).inserted }
        findings.expect(twice.isEmpty, "units that have one id: \(twice.map(\.displayName))")
        findings.expect(!ids.contains { $0.name.isEmpty }, "a unit whose id has no name")
        findings.expect(units.map(\.facts) == again.map(\.facts), "other facts the second time")
        for case let (unit, column?) in units.map({ ($0, $0.facts.column) }) where !column.isSound {
            findings.expect(false, "\(unit.name): the column '\(column.name)' is no JSON text: \(column.json)")
        }
    }

    private mutating func list(_ source: S) throws -> (units: [any SourceUnit], unreadable: [UnreadableInput]) {
        let list = try PulledUnits(source.list())
        for text in list.mistakes { findings.expect(false, text) }
        return (list.units, list.unreadable)
    }

    /// All bytes of a unit, read through a buffer of some size.
    private func read(_ unit: any SourceUnit, _ size: Int) throws -> [UInt8] {
        let stream = try unit.open()
        var buffer = [UInt8](repeating: 0, count: size)
        var bytes: [UInt8] = []
        while case let count = try unsafe buffer.withUnsafeMutableBytes({ try unsafe stream.read(into: $0) }), count > 0
        {
            bytes += buffer.prefix(count)
        }
        return bytes
    }
}
