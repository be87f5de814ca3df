import MHPipeKit
import Testing

@testable import PipelineConfig

/// Texts that nobody writes: the parser ends, soon, and with a message.
@Suite struct YAMLParserLimitTests {
    @Test(
        .timeLimit(.minutes(30)),
        arguments: [
            "- ", "[", "{a: ", "[{a: [", "{a: {'", "a: [\"", "? ", "&a ", "!t ", "[&a ", "\"", "- |x\n ", "a:\n", "\t",
            "]", "}", ": ",
        ]
    )
    func `deep or endless nesting ends with a message`(opener: String) {
        let text = String(repeating: opener, count: 20_000)
        let diagnostics = YAMLParser.parse(text).diagnostics
        #expect(!diagnostics.isEmpty)
        #expect(diagnostics.count <= 20_000)
    }

    @Test(.timeLimit(.minutes(30)))
    func `block nesting ends with one message`() {
        let text = (0..<2000).map { String(repeating: " ", count: $0) + "a:\n" }.joined() + "b: c\n"
        let parsed = YAMLParser.parse(text)
        #expect(parsed.diagnostics.map(\.message) == ["this is nested more than 64 levels deep"])
        #expect(parsed.root?["b"]?.text == "c")
    }

    @Test(.timeLimit(.minutes(30)))
    func `spoilt texts neither stop nor hang the parser`() {
        var generator = GeneratedYAML(seed: 3)
        for _ in 0..<4000 {
            var text = generator.document()
            for _ in 0..<3 { text = generator.mutated(text) }
            let source = SourceText(name: "test.conf", text: text)
            let checked = PipelineFile.check(source, plugins: TestPlugins.registry)
            #expect(!checked.diagnostics.isEmpty, "no generated text is a pipeline")
            let lines = checked.diagnostics.map { $0.span?.line ?? .max }
            #expect(lines == lines.sorted())
            #expect(!DiagnosticPrinter(source: source).page(checked.diagnostics).isEmpty)
        }
    }

    @Test(
        .timeLimit(.minutes(30)),
        arguments: [
            (line: "key#: {a: [b, 'c'], d: \"e\"}\n", count: 20_000), (line: "- a\n", count: 100_000),
            (line: "# c\n", count: 100_000),
            (line: "key#: @\n", count: 5_000), (line: "- a\n\n\n", count: 30_000),
            (line: "    - a\n  b: [\n", count: 5_000),
        ]
    )
    func `long texts take time in proportion to their length`(line: String, count: Int) {
        func time(_ count: Int) -> Duration {
            let parts = line.split(separator: "#:")
            let text = (0..<count).map { parts.count == 1 ? line : "\(parts[0])\($0):\(parts[1])" }.joined()
            return ContinuousClock().measure { _ = YAMLParser.parse(text) }
        }
        let short = time(count / 8)
        // A quadratic parser takes 64 times as long; the bound leaves room for a busy machine.
        #expect(time(count) < short * 32 + .milliseconds(200))
    }

    @Test(.timeLimit(.minutes(30)))
    func `one long line takes no longer than many short ones`() {
        let list = "a: [" + String(repeating: "é, ", count: 50_000) + "]"
        #expect(YAMLParser.parse(list).root?["a"]?.elements?.count == 50_000)
        let text = "a: \"" + String(repeating: "é \\n", count: 50_000) + "\""
        #expect(YAMLParser.parse(text).root?["a"]?.text?.count == 150_000)
    }
}
