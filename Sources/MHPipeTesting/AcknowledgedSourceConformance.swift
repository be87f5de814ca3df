import MHPipeKit

/// A source that is a queue gives again what was released, and never what was committed.
struct AcknowledgedSourceConformance<S: AcknowledgedSource> {
    let sample: PluginSample
    private(set) var findings = Findings()

    init(sample: PluginSample) {
        self.sample = sample
    }

    mutating func check() throws {
        try checkReleased()
        try checkCommitted()
        try checkCommittedAgain()
    }

    /// What was pulled and released, read or not, comes again.
    private mutating func checkReleased() throws {
        let folder = try SourceConformance<S>.folder()
        var first = try Pulled(sample, folder)
        for unit in first.units { _ = try unit.open() }
        first.source.released(first.ids)
        let second = try Pulled(sample, folder)
        findings.expect(
            Set(second.ids) == Set(first.ids),
            "gives other units after all were released: \(second.names), not \(first.names)"
        )
    }

    /// What is in flight can still be read; of what was committed nothing comes again, in this run or a later one.
    private mutating func checkCommitted() throws {
        let folder = try SourceConformance<S>.folder()
        var first = try Pulled(sample, folder)
        guard !first.ids.isEmpty else { return }
        try first.source.extend(first.ids)
        for unit in first.units { _ = try unit.open() }
        let half = first.ids.count - first.ids.count / 2
        let (done, rest) = (Array(first.ids[..<half]), Array(first.ids[half...]))
        try first.source.committed(done)
        try first.source.extend(rest)
        first.source.released(rest)
        var second = try Pulled(sample, folder)
        expectNone(of: done, in: second)
        findings.expect(
            Set(second.ids) == Set(rest),
            "gives \(second.names) after others were committed, not \(Self.names(rest))"
        )
        try second.source.committed(second.ids)
        let third = try Pulled(sample, folder)
        expectNone(of: first.ids, in: third)
    }

    /// After a crash `committed` may come a second time.
    private mutating func checkCommittedAgain() throws {
        let folder = try SourceConformance<S>.folder()
        var first = try Pulled(sample, folder)
        try first.source.committed(first.ids)
        do {
            try first.source.committed(first.ids)
            var second = try Pulled(sample, folder)
            try second.source.committed(first.ids)
        } catch {
            findings.expect(false, "committing units a second time throws \(error)")
        }
    }

    private mutating func expectNone(of committed: [UnitID], in pulled: Pulled) {
        let again = pulled.ids.filter(Set(committed).contains)
        findings.expect(again.isEmpty, "gives units again that it was told are committed: \(Self.names(again))")
    }

    private static func names(_ ids: [UnitID]) -> [String] { ids.map(\.displayName) }

    /// A source, and all its units.
    private struct Pulled {
        var source: S
        let units: [any SourceUnit]

        init(_ sample: PluginSample, _ folder: ConformanceFolder) throws {
            let options = try sample.decode(S.self, .source, folder: folder.path("tree"))
            source = try S(options, PluginContext(stage: "test"))
            units = try PulledUnits(source.list()).units
        }

        var ids: [UnitID] { units.map(\.id) }
        var names: [String] { ids.map(\.displayName) }
    }
}
