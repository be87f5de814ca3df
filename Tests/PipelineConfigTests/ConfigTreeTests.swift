import Foundation
import MHPipeKit
import Testing

@testable import PipelineConfig

@Suite struct ConfigTreeTests {
    @Test func `a tree is written as JSON with two spaces a level`() {
        let source = SourceText(name: "t", text: "b: [1, {c: }]\na: {}\nd: []\ne:\n")
        let json = PipelineFile.parse(source).tree.map(ConfigTree.json)
        #expect(
            json == """
                {
                  "b": [
                    "1",
                    {
                      "c": null
                    }
                  ],
                  "a": {},
                  "d": [],
                  "e": null
                }
                """
        )
    }

    @Test(arguments: ["", "a\"b\\c/", "\u{0}\u{1}\u{1F}\u{7F}\n\r\t", "é日👩‍👩‍👧\u{2028}"])
    func `every text is valid JSON`(text: String) throws {
        let json = ConfigTree.json(ConfigNode(.text(text)))
        #expect(try JSONDecoder().decode([String].self, from: Data("[\(json)]".utf8)) == [text])
    }

    @Test(arguments: [("", "null"), ("a", "\"a\""), ("- a", "[\n  \"a\"\n]"), ("---\n", "null")])
    func `any root will do`(text: String, json: String) {
        #expect(PipelineFile.parse(SourceText(name: "t", text: text)).tree.map(ConfigTree.json) == json)
    }
}
