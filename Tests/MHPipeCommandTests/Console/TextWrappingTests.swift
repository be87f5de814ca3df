import Testing

@testable import MHPipeCommand

@Suite struct TextWrappingTests {
    @Test func paragraphsThatAreTooWideAreWrapped() {
        let text = "One two three\nfour five.\n\nShort.\n\nExamples:\n  run a\n"
        #expect(TextWrapping.fitted(text, width: 13) == text)
        #expect(TextWrapping.fitted(text, width: 9) == "One two\nthree\nfour\nfive.\n\nShort.\n\nExamples:\n  run a\n")
    }

    @Test func commandsAreBrokenAsShellsAllowIt() {
        #expect(
            TextWrapping.fitted("  mhpipe run a.conf --set A=b", width: 20)
                == "  mhpipe run \\\n    a.conf --set \\\n    A=b"
        )
    }
}
