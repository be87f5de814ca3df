import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

/// The type of option that `docs/writing-plugins.md` shows is the one that is tried here.
@Suite struct QuotedOptionTests {
    @Test func isQuoted() throws {
        let file = Repository.root.appending(path: "Tests/MHPipeCommandTests/Percentage.swift")
        let text = try String(contentsOf: file, encoding: .utf8).replacing("import MHPipeKit\n\n", with: "")
        let page = try String(contentsOf: Repository.root.appending(path: "docs/writing-plugins.md"), encoding: .utf8)
        #expect(page.contains("```swift\n\(text)```\n"))
    }

    @Test func readsWhatThePageSays() throws {
        #expect(try Percentage(config: ConfigNode(.text("5%"))).optionText == "5%")
        for wrong in ["5", "101%", "%", "-1%"] {
            let error = OptionError("needs a percentage such as 5%, not '\(wrong)'")
            #expect(throws: error) { try Percentage(config: ConfigNode(.text(wrong))) }
        }
        #expect(throws: OptionError("needs a percentage such as 5%, not an empty list")) {
            try Percentage(config: ConfigNode(.list([])))
        }
    }
}
