import MHPipeKit
import Testing

@Suite struct OptionDecoderTests {
    private struct Options: PluginOptions {
        var path: OutputPath = ""
        var rows = 100
        var columns = ["a", "b"]
        var note: String?

        static let all: [Option<Options>] = [
            .required("path", \.path, "The file.", example: "out.txt"),
            .optional("rows", \.rows, "The rows of a page."),
            .optional("columns", \.columns, "The columns."),
            .optional("note", \.note, "A note.", example: "hello"),
        ]
    }

    private static let stage = SourceSpan(line: 3, column: 11, length: 5)

    /// Decodes entries whose keys stand below one another.
    private func decode(
        _ entries: KeyValuePairs<String, ConfigNode.Content>,
        isComplete: Bool = true
    ) -> (options: Options?, diagnostics: [Diagnostic]) {
        var diagnostics: [Diagnostic] = []
        let entries = entries.enumerated().map { number, entry in
            ConfigEntry(
                key: entry.key,
                keySpan: SourceSpan(line: 4 + number, column: 5),
                value: ConfigNode(entry.value, span: SourceSpan(line: 4 + number, column: 20))
            )
        }
        let label = StageLabel(kind: "sink", plugin: "pages", span: Self.stage, isComplete: isComplete)
        let options = OptionDecoder.decode(Options.self, entries, stage: label, diagnostics: &diagnostics)
        return (options, diagnostics)
    }

    @Test func readsWhatWasWrittenAndKeepsTheDefaults() {
        let (options, diagnostics) = decode(["rows": .text("7"), "path": .text("x"), "note": .text("n")])
        #expect(diagnostics == [])
        #expect(options?.path == "x" && options?.rows == 7 && options?.columns == ["a", "b"] && options?.note == "n")
    }

    @Test func saysWhatAWrongValueShouldHaveBeen() {
        let (options, diagnostics) = decode(["path": .text("x"), "rows": .text("many")])
        #expect(options == nil)
        #expect(
            diagnostics == [
                Diagnostic(
                    "'rows' needs a whole number, not 'many'",
                    at: SourceSpan(line: 5, column: 20),
                    notes: ["rows: The rows of a page. Default: 100"]
                )
            ]
        )
    }

    @Test func aMissingOptionHasItsExample() {
        let (options, diagnostics) = decode([:])
        #expect(options == nil)
        #expect(
            diagnostics == [
                Diagnostic(
                    "sink 'pages' needs 'path'",
                    at: Self.stage,
                    label: "add a line below this one, for example `path: out.txt`",
                    notes: ["path: The file."]
                )
            ]
        )
    }

    @Test func nothingIsSaidToBeMissingFromWhatCouldNotBeRead() {
        let (options, diagnostics) = decode([:], isComplete: false)
        #expect(diagnostics == [])
        #expect(options?.rows == 100)
    }

    @Test func aMistypedRequiredOptionIsNotMissingToo() {
        let diagnostics = decode(["pth": .text("x")]).diagnostics
        #expect(diagnostics.map(\.message) == ["sink 'pages' has no option 'pth'"])
        #expect(diagnostics.first?.label == "did you mean 'path'?")
        #expect(diagnostics.first?.span == SourceSpan(line: 4, column: 5))
    }

    @Test func everyMistakeIsSaid() {
        let diagnostics = decode(["colour": .text("red"), "rows": .null, "columns": .mapping([])]).diagnostics
        #expect(
            diagnostics.map(\.message) == [
                "sink 'pages' has no option 'colour'", "'rows' needs a whole number, not nothing",
                "'columns' needs a text, not a mapping", "sink 'pages' needs 'path'",
            ]
        )
        #expect(diagnostics.first?.label == nil)
        #expect(diagnostics.first?.notes == ["pages takes: path, rows, columns, note"])
    }

    @Test func aMistakeThatAPluginFindsStandsAtItsOption() {
        let entries = [ConfigEntry(key: "rows", value: ConfigNode(.text("0"), span: SourceSpan(line: 9, column: 3)))]
        let label = StageLabel(kind: "sink", plugin: "pages", span: Self.stage)
        let named = OptionError(option: "rows", "needs 1 or more")
        let whole = OptionError("has options that do not fit together")
        let atOption = OptionDecoder.diagnostic(named, Options.self, entries, stage: label)
        #expect(atOption.message == "'rows' needs 1 or more" && atOption.span == SourceSpan(line: 9, column: 3))
        let atStage = OptionDecoder.diagnostic(whole, Options.self, entries, stage: label)
        #expect(atStage.message == "sink 'pages' has options that do not fit together" && atStage.span == Self.stage)
    }

    @Test func optionsAreDescribedWithTheirDefaults() {
        #expect(Options.all.map(\.defaultText) == ["", "100", "[a, b]", ""])
        #expect(Options.all.map(\.isRequired) == [true, false, false, false])
        #expect(Options.all.map(\.example) == ["out.txt", nil, nil, "hello"])
    }

    @Test func aPluginWithoutOptionsTakesNone() {
        var diagnostics: [Diagnostic] = []
        let entry = ConfigEntry(key: "x", value: ConfigNode(.text("1")))
        let label = StageLabel(kind: "transform", plugin: "plain")
        #expect(OptionDecoder.decode(NoOptions.self, [entry], stage: label, diagnostics: &diagnostics) == nil)
        #expect(diagnostics.map(\.notes) == [["plain takes no options"]])
    }
}
