import MHPipeKit
import PipelineConfig
import Testing

@testable import MHPipeCommand

@Suite struct PipelineDraftTests {
    /// What is written is read as it was meant.
    @Test(arguments: [
        "AWSLogs", "a b", "it's", "\"x\"", "a: b", "a #b", "- x", "${HOME}", "$${x}", "~", "null", "", "true", "1e3",
        "[a]", "{a}", "a\nb",
        "\u{1}\t\"\\", "*", "&a", "!x", "%x", "@x", "`x`", "...", "---", "a,b",
        "userIdentity.type == \"Root\" && !has(errorCode)",
        " x ", "x:", "\u{E9}\u{1F600}",
    ])
    func aTextComesBack(text: String) {
        let source = SourceText(
            name: "x",
            text: "a: \(PipelineDraft.scalar(text))\nb: [\(PipelineDraft.scalar(text)), x]\n"
        )
        let parsed = PipelineFile.parse(source)
        #expect(parsed.diagnostics == [])
        #expect(parsed.tree?["a"]?.text == text)
        #expect(parsed.tree?["b"]?.elements?.map(\.text) == [text, "x"])
    }
}
