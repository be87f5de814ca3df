import MHPipeKit
import MHPipeTesting
import Testing

@Suite struct PluginSamplesTests {
    private let plugin = PluginRegistry(sinks: [Writing.self]).descriptions[0]

    @Test func aPluginWithoutSamplesIsTriedWithItsExamples() {
        let samples = PluginSamples().samples(for: plugin)
        #expect(samples.map(\.options) == ["path: ${FOLDER}/out.jsonl\nfield: userIdentity.type"])
    }

    @Test func readsAListForEachPlugin() throws {
        let samples = try PluginSamples(parsing: "sinks:\n  writing:\n    - path: a\n    - path: b\n  writnig: [{}]\n")
        #expect(samples.samples(for: plugin).map(\.options) == ["sinks.writing, sample 1", "sinks.writing, sample 2"])
        #expect(samples.unused(by: [plugin]) == ["sinks.writnig"])
    }

    @Test func whatIsWrongIsNamedWithFileAndLine() throws {
        let text =
            "# Samples.\nsinks:\n  writing:\n    - path: a\n      field: b\n    - path: b\n      filed: c\n  writnig: [{}]\n"
        let samples = try PluginSamples(parsing: text, file: "tag/samples.conf")
        #expect(samples.unusedPlaces(by: [plugin]).map(\.place) == ["tag/samples.conf:8"])
        let error = #expect(throws: PluginSample.Mistake.self) {
            _ = try samples.samples(for: plugin)[1].decode(Writing.self, .sink, folder: "/tmp")
        }
        #expect(
            error?.description == "tag/samples.conf:7: the sample 'sinks.writing, sample 2': "
                + "sink 'writing' has no option 'filed' (did you mean 'field'?)"
        )
        for (text, place) in [
            ("sinks:\n  writing: 7\n", "s.conf:2: "), ("\nsink: {}\n", "s.conf:2: "), ("a: [\n", "s.conf "),
        ] {
            let error = #expect(throws: PluginSample.Mistake.self) { try PluginSamples(parsing: text, file: "s.conf") }
            #expect(error?.description.hasPrefix(place) == true)
        }
    }

    @Test(arguments: [
        ("sink:\n  writing: []", "'sink' is no section of samples: sources, transforms, sinks"),
        ("sinks:\n  writing: 7", "'writing' needs a list of samples, each with options"),
    ])
    func refusesWhatIsNoList(text: String, message: String) throws {
        let error = #expect(throws: PluginSample.Mistake.self) { try PluginSamples(parsing: text) }
        #expect(error?.description == message)
    }
}

private struct Writing: Sink {
    static let name = "writing"
    static let summary = "Writes nothing."

    struct Options: PluginOptions {
        var path: OutputPath = ""
        var field = FieldPath("x")
        var size = 1

        static let all: [Option<Options>] = [
            .required("path", \.path, "The file.", example: "results/out.jsonl"),
            .required("field", \.field, "The field.", example: "userIdentity.type"),
            .optional("size", \.size, "The size."),
        ]
    }

    init(_ options: Options, _ context: PluginContext) {}
    mutating func open() {}
    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {}
    mutating func finish() {}
    mutating func commit() {}
    mutating func abort() {}
}
