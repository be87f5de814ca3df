import Foundation
import MHPipeKit
import MHPipeTesting
import Synchronization
import Testing

/// The checks that hold for any plugin find plugins for which they do not.
@Suite(.timeLimit(.minutes(30))) struct PluginConformanceTests {
    @Test func findsWhatIsWrongWithDeclarations() {
        let findings = PluginConformance.declarations(PluginRegistry(transforms: [Misnamed.self]))
        for part in [
            "the name is not lower case", "the summary is no sentence", "the key 'Size' is not lower case",
            "the help of 'Size' is no sentence", "'Size' must be written, and has no example",
            "every stage has a key 'inputs'", "its example is refused", "takes a mapping", "takes nothing",
        ] {
            #expect(findings.contains { $0.contains(part) }, "\(part) is not in \(findings)")
        }
    }

    @Test func findsNothingWrongWithAMapping() {
        #expect(PluginConformance.declarations(PluginRegistry(transforms: [Mapped.self])) == [])
    }

    @Test func findsATransformThatRemembers() throws {
        let findings = try PluginConformance.transform(Counting.self, PluginSample())
        #expect(findings.contains("a batch split at 1 gives something else"))
        #expect(findings.contains("batches of one record give something else"))
        #expect(findings.contains("an instance that was used gives something else than a new one"))
    }

    @Test func findsATransformThatLooksAtOtherEvents() throws {
        let findings = try PluginConformance.transform(Deduplicating.self, PluginSample())
        #expect(findings.contains("batches of one record give something else"))
    }

    @Test func findsATransformThatAddsSomethingElse() throws {
        let findings = try PluginConformance.transform(Elsewhere.self, PluginSample())
        #expect(findings.contains { $0.contains("adds 'size' to record 0, which is not what 'adds' says") })
        #expect(findings.contains { $0.contains("adds 'name' to record 0, which is not what 'adds' says") })
        #expect(!findings.contains { $0.contains("adds 'kind'") })
    }

    @Test func findsASinkThatWritesInPlace() throws {
        let findings = try PluginConformance.sink(Hasty.self, PluginSample("path: ${FOLDER}/out.txt"))
        for finding in [
            "the old output changes when the sink opens", "abort after 0 steps leaves []",
            "abort after 3 steps leaves []", "a unit for every event makes another output",
        ] {
            #expect(findings.contains(finding), "\(finding) is not in \(findings)")
        }
        #expect(findings.contains { $0.hasPrefix("throws ") && $0.hasSuffix(", not StageError") })
    }

    @Test func findsASourceThatChangesItsMind() throws {
        let findings = try PluginConformance.source(Fickle.self, PluginSample())
        #expect(findings.contains { $0.hasPrefix("other units the second time") })
        #expect(findings.contains { $0.hasSuffix(": other bytes one by one, or after `prepare`") })
        #expect(findings.contains { $0.hasSuffix(": the size is not the bytes") })
        // It takes nothing out of the folder, so that nothing can go away.
        #expect(!findings.contains("a unit that went away opens"))
    }

    @Test func findsASourceThatOpensWhatIsGone() throws {
        let findings = try PluginConformance.source(Fickle.self, PluginSample("path: ${FOLDER}"))
        #expect(findings.contains("a unit that is not there opens"))
        #expect(findings.contains("a unit that went away opens"))
    }

    @Test func refusesASampleThatDoesNotFit() {
        let error = #expect(throws: PluginSample.Mistake.self) {
            try PluginConformance.sink(Hasty.self, PluginSample("pth: x"))
        }
        let expected = "the sample 'pth: x': sink 'hasty' has no option 'pth' (did you mean 'path'?)"
        #expect(error?.description == expected)
    }
}

private struct Misnamed: Transform {
    static let name = "Mis-named"
    static let summary = "says little"

    struct Options: PluginOptions {
        var size = Anything()
        var inputs = 0

        static let all: [Option<Options>] = [
            .required("Size", \.size, "How large it is"), .optional("inputs", \.inputs, "How many.", example: "many"),
        ]
    }

    /// An option that takes whatever is written.
    struct Anything: OptionValue {
        static let typeName = "anything"
        var optionText: String { "" }

        init() {}
        init(config node: ConfigNode) throws(OptionError) {}
    }

    init(_ options: Options, _ context: PluginContext) {}
    mutating func process(_ batch: EventBatch) {}
}

private struct Mapped: Transform {
    static let name = "mapped"
    static let summary = "Takes a mapping, and does nothing with it."

    struct Options: PluginOptions {
        var teams: [String: String] = [:]

        static let all: [Option<Options>] = [.required("teams", \.teams, "The teams.", example: "{a: b}")]
    }

    init(_ options: Options, _ context: PluginContext) {}
    mutating func process(_ batch: EventBatch) {}
}

private struct Counting: Transform {
    static let name = "counting"
    static let summary = "Numbers all events that it sees."
    private var count = 0

    init(_ options: NoOptions, _ context: PluginContext) {}

    mutating func process(_ batch: EventBatch) {
        let column = batch.addColumn("count")
        for event in batch {
            count += 1
            column.set(.int(count), row: event.row)
        }
    }
}

private struct Elsewhere: Transform {
    static let name = "elsewhere"
    static let summary = "Adds something else than it says."

    init(_ options: NoOptions, _ context: PluginContext) {}

    static func adds(_ options: NoOptions) -> [EventField]? {
        [EventField("kind", .oneOf(["a", "b"])), EventField("size", .boolean)]
    }

    mutating func process(_ batch: EventBatch) {
        let (kind, size, name) = (batch.addColumn("kind"), batch.addColumn("size"), batch.addColumn("name"))
        for event in batch {
            kind.set(.string("a"), row: event.row)
            size.set(.int(7), row: event.row)
            name.set(.string("x"), row: event.row)
        }
    }
}

private struct Deduplicating: Transform {
    static let name = "deduplicating"
    static let summary = "Keeps the first event of a name in each batch."

    init(_ options: NoOptions, _ context: PluginContext) {}

    mutating func process(_ batch: EventBatch) {
        let path = FieldPath("eventName")
        var seen: Set<String?> = []
        batch.keep { seen.insert($0[path]?.string).inserted }
    }
}

private struct Hasty: Sink {
    static let name = "hasty"
    static let summary = "Writes to the file itself, a line for each write."

    struct Options: PluginOptions {
        var path: OutputPath = ""
        static let all: [Option<Options>] = [.required("path", \.path, "The file.", example: "x")]
    }

    private let file: URL
    private var text = ""

    init(_ options: Options, _ context: PluginContext) {
        file = URL(filePath: options.path.path)
    }

    mutating func open() throws { try Data().write(to: file) }
    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws { text += "\(bytes.count)\n" }
    mutating func finish() throws { try Data(text.utf8).write(to: file) }
    mutating func commit() {}
    mutating func abort() { try? FileManager.default.removeItem(at: file) }
}

private struct Fickle: ListedSource {
    static let name = "fickle"
    static let summary = "Hands out other units each time."
    private static let turn = Atomic(0)

    private struct Unit: SourceUnit {
        let name: String
        var size: Int? { 1 }

        func open() -> any ByteStream { Stream() }
    }

    /// Fills a buffer of whatever size, once.
    private final class Stream: ByteStream {
        private var isDone = false

        func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
            defer { isDone = true }
            return isDone ? 0 : buffer.count
        }
    }

    struct Options: PluginOptions {
        var path: InputTree?

        static let all: [Option<Options>] = [.optional("path", \.path, "What it does not look at.")]
    }

    init(_ options: Options, _ context: PluginContext) {}

    func units(report: (UnreadableInput) -> Void) -> [any SourceUnit] {
        [Unit(name: "unit \(Self.turn.add(1, ordering: .relaxed).newValue)")]
    }
}
