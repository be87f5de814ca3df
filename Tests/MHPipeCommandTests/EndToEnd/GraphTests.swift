import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// `mhpipe graph`: a pipeline as Mermaid, DOT and text.
@Suite struct GraphTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(
            """
            pipeline: audit
            quarantine: bad.jsonl
            sources:
              logs: {type: directory, path: logs}
            transforms:
              who: {type: identity}
              ways: {type: route, ports: {failed: 'has(errorCode)'}}
            sinks:
              failures: {type: csv, path: failed.csv, inputs: ways.failed}
              all: {type: jsonl, path: all.jsonl, inputs: who}
            """,
            to: "p.conf"
        )
    }

    @Test func mermaidIsTheDefault() throws {
        let result = try mhpipe.run("graph", "p.conf")
        let expected = """
            ---
            title: "audit"
            ---
            flowchart LR
                n0(["logs<br/>directory"])
                n1["who<br/>identity"]
                n2["ways<br/>route"]
                n3[("failures<br/>csv")]
                n4[("all<br/>jsonl")]
                n5[("bad.jsonl<br/>quarantine")]
                n0 --> n1
                n1 --> n2
                n2 -->|"failed"| n3
                n1 --> n4
                n0 -.->|"unreadable"| n5

            """
        #expect(result.text == expected, "\(result.errors)")
        #expect(result.status == 0)
    }

    @Test func dot() throws {
        let result = try mhpipe.run("graph", "p.conf", "--format", "dot")
        #expect(result.status == 0)
        #expect(
            result.text.hasPrefix(
                "digraph \"audit\" {\n    rankdir=LR;\n    n0 [shape=ellipse, label=\"logs\\ndirectory\"];\n"
            )
        )
        #expect(result.text.contains("    n2 -> n3 [label=\"failed\"];\n"))
        #expect(result.text.hasSuffix("    n0 -> n5 [label=\"unreadable\", style=dashed];\n}\n"))
    }

    @Test func text() throws {
        let result = try mhpipe.run("graph", "p.conf", "--format", "text")
        let expected = """
            pipeline audit
            source logs (directory)
                -> who
                unreadable -> bad.jsonl
            transform who (identity)
                -> ways
                -> all
            transform ways (route)
                failed -> failures
            sink failures (csv)
            sink all (jsonl)
            quarantine bad.jsonl

            """
        #expect(result.text == expected, "\(result.errors)")
    }

    /// Two sources, each with a way to the stage below them.
    @Test func severalSources() throws {
        let file =
            "sources:\n  a: {type: file, path: x}\n  b: {type: file, path: y}\nsinks:\n  out: {type: jsonl, path: o.jsonl}\n"
        for name in ["x", "y"] { try folder.write("", to: name) }
        try folder.write(file, to: "two.conf")
        let result = try mhpipe.run("graph", "two.conf", "--format=dot")
        #expect(result.text.contains("n0 -> n2;\n    n1 -> n2;\n"), "\(result.text)\(result.errors)")
    }

    /// What a name can hold must neither end its label nor be read as markup.
    @Test(arguments: [
        (#"a"b"#, "a#34;b", #"a\"b"#),
        (#"a\n"#, "a#92;n", #"a\\n"#),
        ("#1;", "#35;1#59;", "#1;"),
        ("<b>&amp;`x`", "#60;b#62;#38;amp#59;#96;x#96;", "<b>&amp;amp;`x`"),
        ("a]|)}%%", "a#93;#124;#41;#125;#37;#37;", "a]|)}%%"),
        ("Zürich/ä.jsonl", "Zürich/ä.jsonl", "Zürich/ä.jsonl"),
    ])
    func namesAreEscaped(name: String, mermaid: String, dot: String) {
        var plan = PipelinePlan(name: name)
        plan.settings.quarantine = name
        let graph = PipelineGraph(plan)
        #expect(GraphFormat.mermaid.text(graph).contains("n0[(\"\(mermaid)<br/>quarantine\")]\n"))
        #expect(GraphFormat.dot.text(graph).contains("label=\"\(dot)\\nquarantine\"];\n"))
        #expect(GraphFormat.text.text(graph).contains("quarantine \(name)\n"))
    }

    @Test func lineEndsInNamesAreWrittenOut() {
        let graph = PipelineGraph(PipelinePlan(name: "a\nb\u{1B}[2J"))
        for format in [GraphFormat.mermaid, .dot, .text] {
            #expect(!format.text(graph).contains("a\nb"))
            #expect(!format.text(graph).contains("\u{1B}"))
        }
    }

    /// The same words and exit code as `check`, and nothing on standard output.
    @Test(arguments: ["sinks:\n  a: {type: jsonl, path: no/such/o.jsonl}\n", "sources: [", ""])
    func mistakesAreToldAsByCheck(file: String) throws {
        try folder.write(file, to: "bad.conf")
        let (graph, check) = (try mhpipe.run("graph", "bad.conf"), try mhpipe.run("check", "bad.conf"))
        #expect(graph.status == 2 && check.status == 2)
        #expect(graph.errors == check.errors && !graph.errors.isEmpty)
        #expect(graph.text.isEmpty)
    }

    @Test func aFileThatIsMissing() throws {
        let result = try mhpipe.run("graph", "none.conf")
        #expect(result.status == 2)
        #expect(result.errors.contains("cannot read 'none.conf'"))
    }
}
