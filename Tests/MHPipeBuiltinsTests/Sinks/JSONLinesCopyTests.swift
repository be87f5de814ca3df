import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import PipelineConfig
import Testing

@testable import MHPipeBuiltins
@testable import MHPipeRuntime

/// Sink `jsonl` says of itself that it writes records as they are, where it does, so that nothing else of them is in the index.
@Suite(.timeLimit(.minutes(30))) struct JSONLinesCopyTests {
    /// A sink `jsonl`, and how many tokens of records its encoders were given.
    private struct WatchedSink: Sink {
        static let name = "watched_jsonl"
        static let summary = "Writes JSON lines, and counts tokens."

        struct Options: PluginOptions {
            var make: @Sendable (PluginContext) throws -> any Sink
            var tokens: TokenCount

            static let all: [Option<Options>] = []

            init(_ make: @escaping @Sendable (PluginContext) throws -> any Sink, _ tokens: TokenCount) {
                (self.make, self.tokens) = (make, tokens)
            }

            init() { self.init({ _ in throw StageError("no sink to watch") }, TokenCount()) }
        }

        struct Encoder: EventEncoder, RecordCopying {
            var base: JSONLinesSink.Encoder
            let tokens: TokenCount

            var copiesRecords: Bool { cast(base, to: (any RecordCopying).self)?.copiesRecords == true }

            mutating func encode(_ batch: EventBatch, into output: OutputBuffer) throws {
                for row in batch.selection {
                    let record = batch.rows.records[row]
                    tokens.add(Int(record.endPosition - record.position))
                }
                try base.encode(batch, into: output)
            }

            mutating func finishUnit(into output: OutputBuffer) throws { try base.finishUnit(into: output) }
        }

        private var base: JSONLinesSink
        private let tokens: TokenCount

        init(_ options: Options, _ context: PluginContext) throws {
            guard let base = try options.make(context) as? JSONLinesSink else { throw StageError("another sink") }
            (self.base, tokens) = (base, options.tokens)
        }

        func makeEncoder() -> Encoder { Encoder(base: base.makeEncoder(), tokens: tokens) }
        mutating func open() throws { try base.open() }
        mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws { try base.write(bytes) }
        mutating func finishUnit(_ outcome: UnitOutcome) { base.finishUnit(outcome) }
        mutating func finish() throws { try base.finish() }
        mutating func commit() throws { try base.commit() }
        mutating func abort() { base.abort() }
    }

    private final class TokenCount: Sendable {
        private let tokens = Locked(0)
        var value: Int { tokens.withLock { $0 } }
        func add(_ count: Int) { tokens.withLock { $0 += count } }
    }

    /// Records that are proven, among some that are not.
    private static let texts: [String] = {
        let events = (SampleRecords.nasty + SampleRecords.random(200, seed: 3)).enumerated().map { number, record in
            let rest = record.drop { $0 != "{" }.dropFirst()
            let isEmpty = rest.allSatisfy { $0 == "}" || $0.isWhitespace }
            let source = number % 2 == 0 ? "mgh" : "s3"
            return
                "{\"eventVersion\":\"1.08\",\"eventSource\":\"\(source).amazonaws.com\"\(isEmpty ? "" : ",")\(rest)"
        }
        let lines = events.filter { !$0.contains("\n") }.joined(separator: "\n") + "\n"
        return ["{\"Records\":[\(events.joined(separator: ","))]}", lines]
    }()

    @Test(arguments: ObjectProof.forms.map(\.form), [1, 3])
    func wholeEventsAreCopied(form: String, workers: Int) throws {
        let proof = try #require(ObjectProof.forms.first { $0.form == form })
        let cases = [("out.jsonl", "", true), ("out.jsonl.gz", "", true), ("out.jsonl", "columns: [eventName]", false)]
        for (path, options, copies) in cases {
            let read = try Self.run(nil, path, options, workers)
            let copied = try Self.run(proof, path, options, workers)
            #expect(copied.bytes == read.bytes, "\(path) \(options)")
            #expect(copied.tokens <= read.tokens && read.tokens > 10_000, "\(path) \(options)")
            // Some records are not proven, and read.
            #expect((copied.tokens * 2 < read.tokens) == copies, "\(copied.tokens) of \(read.tokens)")
        }
    }

    /// What a run writes of made-up events and of odd ones, and how many tokens of these the sink was given.
    private static func run(
        _ proof: ObjectProof?,
        _ path: String,
        _ options: String,
        _ workers: Int
    ) throws -> (bytes: [UInt8], tokens: Int) {
        let folder = try TemporaryDirectory()
        for (number, text) in texts.enumerated() { try folder.write(text, to: "logs/\(number).json") }
        let text = """
            sources:
              made_up: {type: synthetic, events: 600, migration_hub_share: 10%}
              odd: {type: directory, path: "\(folder.path("logs"))"}
            sinks:
              out:
                type: jsonl
                path: "\(folder.path(path))"
                \(options)
            """
        let checked = PipelineFile.check(SourceText(name: "p.conf", text: text), plugins: .builtin)
        var plan = try #require(checked.plan, "\(checked.diagnostics)")
        let tokens = TokenCount()
        let watched = WatchedSink.Options(plan.sinks[0].make, tokens)
        plan.sinks = [Stage("out", WatchedSink.self, watched, inputs: plan.sinks[0].inputs)]
        plan.settings.workers = workers
        _ = try PipelineRun(plan, observer: RunObserver(), windowBytes: 1 << 20, proof: proof).run()
        return (try Array(folder.read(path)), tokens.value)
    }
}
