import MHPipeKit
import MHPipePlan

/// A plugin in whole pipelines: neither the number of workers nor the size of reads makes a difference, and a run that is
/// cancelled ends well.
struct PipelineConformance {
    private let engine: ConformanceEngine
    private let sample: PluginSample
    private static let workers = [1, 8]

    init(_ engine: @escaping ConformanceEngine, _ sample: PluginSample) {
        self.engine = engine
        self.sample = sample
    }

    func source<S: Source>(_ type: S.Type) throws -> [String] {
        // What a source reads is its own affair, so there is nothing to hand out in pieces.
        let findings = try compare(readSizes: []) { _, whenWritten in
            try read(type, Self.logs(), CollectedOutput(whenWritten: whenWritten))
        }
        return type is any AcknowledgedSource.Type ? findings + (try runs(type)) : findings
    }

    /// Runs of a queue, one after the other, give each event once, whatever became of the first of them.
    private func runs<S: Source>(_ type: S.Type) throws -> [String] {
        var findings = Findings()
        var whole: [Substring] = []
        for policy in [nil, RunSettings.InterruptPolicy.commit, .abort] {
            let what = policy.map { "a run that is cancelled half-way (on_interrupt: \($0.rawValue))" } ?? "a run"
            findings.attempt("runs after \(what)") { findings in
                let folder = try Self.logs()
                let hold = CancelHold()
                var lines: [Substring] = []
                for number in 0..<3 {
                    let output = CollectedOutput { if policy != nil, number == 0 { hold.cancel() } }
                    var plan = try read(type, folder, output).plan
                    plan.settings.workers = 2
                    plan.settings.onInterrupt = policy ?? .abort
                    try engine(plan) { hold.set($0) }
                    lines += output.committedLines
                    if policy == nil, number == 0 { whole = lines }
                }
                let isOnce = lines.sorted() == whole && !whole.isEmpty
                findings.expect(isOnce, "\(what), and those after it, do not give each event once")
            }
        }
        return findings.texts
    }

    /// A folder with log files in its folder `tree`.
    private static func logs() throws -> ConformanceFolder {
        let folder = try ConformanceFolder()
        try folder.writeTree { _ in Array(lines(ConformanceRecords.all).utf8) }
        return folder
    }

    /// A plan that reads a folder to an output.
    private func read<S: Source>(_ type: S.Type, _ folder: ConformanceFolder, _ output: CollectedOutput) throws -> Trial
    {
        let options = try sample.decode(type, .source, folder: folder.path("tree"))
        var plan = PipelinePlan(name: "conformance")
        plan.sources = [Stage("source", type, options)]
        plan.sinks = [Stage("sink", CollectingSink.self, CollectingSink.Options(output), inputs: ["source"])]
        return (plan, { withExtendedLifetime(folder) { [output.text] } })
    }

    func transform<T: TransformPlugin>(_ type: T.Type, _ records: [String]) throws -> [String] {
        let options = try sample.decode(type, .transform, folder: "")
        return try compare(records) { units, whenWritten in
            let output = CollectedOutput(whenWritten: whenWritten)
            let meeting = CollectedOutput()
            var plan = PipelinePlan(name: "conformance")
            let transform = Stage("transform", type, options, inputs: ["source"])
            let inputs = transform.ports.isEmpty ? ["transform"] : transform.ports.map { "transform.\($0)" }
            plan.sources = [Stage("source", GivenSource.self, GivenSource.Options(units))]
            plan.transforms = [transform]
            plan.sinks = [
                Stage("sink", CollectingSink.self, CollectingSink.Options(output), inputs: inputs),
                // What the transform gives meets what it was given.
                Stage("both", CollectingSink.self, CollectingSink.Options(meeting), inputs: inputs + ["source"]),
            ]
            return (plan, { [output.text, meeting.text] })
        }
    }

    func sink<S: Sink>(_ type: S.Type) throws -> [String] {
        try compare { units, whenWritten in
            let folder = try ConformanceFolder()
            let options = try sample.decode(type, .sink, folder: folder.path("."))
            let outputs = PluginSample.outputs(of: options)
            var units = units
            // Nobody knows when a sink writes, so the run is cancelled while a unit in the middle is opened.
            units[units.count / 2].whenOpened = whenWritten
            var plan = PipelinePlan(name: "conformance")
            plan.sources = [Stage("source", GivenSource.self, GivenSource.Options(units))]
            plan.sinks = [Stage("sink", type, options, inputs: ["source"])]
            return (plan, { try folder.texts(of: outputs, sample) })
        }
    }

    /// A plan, and what reads its outputs after the run.
    private typealias Trial = (plan: PipelinePlan, outputs: () throws -> [String])

    private func compare(
        _ records: [String] = ConformanceRecords.all,
        readSizes: [Int] = [.max, 1, 7, 4096],
        _ make: (_ units: [GivenUnit], _ whenWritten: @escaping @Sendable () -> Void) throws -> Trial
    ) throws -> [String] {
        var findings = Findings()
        func run(_ what: String, _ units: [GivenUnit], workers: Int, _ first: inout [String]?, _ finding: String) {
            findings.attempt(what) { findings in
                var trial = try make(units, {})
                trial.plan.settings.workers = workers
                try engine(trial.plan) { _ in }
                let outputs = try trial.outputs()
                findings.expect(outputs == first ?? outputs, finding)
                first = first ?? outputs
            }
        }
        let units = Self.units(records)
        var whole: [String]?
        for workers in Self.workers {
            let finding = "\(workers) workers make another output than one"
            run("a run with \(workers) workers", units, workers: workers, &whole, finding)
        }
        whole = nil
        for size in readSizes {
            let reads = size == .max ? "reads of whole files" : "reads of \(size) bytes"
            let finding = "\(reads) make another output than reads of whole files"
            run("a run with \(reads)", Self.units(records, readSize: size), workers: 2, &whole, finding)
        }
        for policy in [RunSettings.InterruptPolicy.commit, .abort] {
            findings.attempt("a run that is cancelled half-way (on_interrupt: \(policy.rawValue))") { _ in
                let hold = CancelHold()
                var trial = try make(units) { hold.cancel() }
                trial.plan.settings.workers = 2
                trial.plan.settings.onInterrupt = policy
                try engine(trial.plan) { hold.set($0) }
                if policy == .commit { _ = try trial.outputs() }
            }
        }
        return findings.texts
    }

    /// Units of very different size, so that workers end them in another order than they begin them.
    ///
    /// Together they are more than a run lets wait for its sinks, so that workers have to wait as well; but not in a debug
    /// build, which would take minutes.
    private static func units(_ records: [String]) -> [GivenUnit] {
        let scale = _isDebugAssertConfiguration() ? 1 : 10
        return (0..<16).map { unit($0, records, times: [5 * scale, 1, 0, scale][$0 % 4]) }
    }

    /// Units that are handed out in pieces; the first is more than is read at a time, but not in a debug build.
    private static func units(_ records: [String], readSize: Int) -> [GivenUnit] {
        let times = _isDebugAssertConfiguration() ? 1 : 30
        return [unit(0, records, times: times, readSize: readSize), unit(1, records, times: 1, readSize: readSize)]
    }

    private static func unit(_ number: Int, _ records: [String], times: Int, readSize: Int = .max) -> GivenUnit {
        let stretch = (0..<times).flatMap { _ in records }
        return GivenUnit(name: "unit \(number)", bytes: Array(lines(stretch).utf8), readSize: readSize)
    }

    private static func lines(_ records: [String]) -> String {
        records.map { $0 + "\n" }.joined()
    }
}

/// What cancels a run, for those who were made before the run.
private final class CancelHold: Sendable {
    private let action = Locked<(@Sendable () -> Void)?>(nil)

    func set(_ cancel: @escaping @Sendable () -> Void) {
        action.withLock { $0 = cancel }
    }

    func cancel() {
        action.withLock { $0 }?()
    }
}
