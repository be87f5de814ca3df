import MHPipeKit
import Testing

@testable import MHPipeBuiltins

/// What sources of announced objects say of options that other sources of objects have.
@Suite struct AnnouncedOptionsTests {
    private func mistakes<Root: PluginOptions>(_ type: Root.Type, _ key: String) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        let stage = StageLabel(kind: "source", plugin: "it", isComplete: false)
        let entry = ConfigEntry(key: key, value: ConfigNode(.text("warn")))
        _ = OptionDecoder.decode(type, [entry], stage: stage, diagnostics: &diagnostics)
        return diagnostics
    }

    @Test(arguments: ["verify_digests", "public_keys"])
    func whoCannotProveFilesSaysWhoCan(_ key: String) {
        for found in [mistakes(SQSSource.Options.self, key), mistakes(NotificationsSource.Options.self, key)] {
            #expect(found.map(\.message) == ["source 'it' has no option '\(key)'"])
            let notes = found.map(\.notes).joined()
            #expect(notes.contains { $0.contains("mhpipe verify-trail") && $0.contains("source s3") })
        }
        #expect(mistakes(S3Source.Options.self, "verify_digests").isEmpty)
    }

    @Test func otherKeysAreListed() {
        let notes = mistakes(SQSSource.Options.self, "colour").map(\.notes).joined()
        #expect(notes.contains { $0.hasPrefix("it takes: queue") })
    }
}
