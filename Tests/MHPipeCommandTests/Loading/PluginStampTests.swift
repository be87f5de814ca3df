import Testing

@testable import MHPipeCommand

@Suite struct PluginStampTests {
    private let stamp = PluginStamp(version: "1.2.3", build: "0123456789abcdef", swift: "6.3.1", target: "x86_64-linux")

    @Test func isFoundAmongOtherBytes() {
        let bytes = Array("\u{1}mhpipe \u{1}".utf8) + [0, 0xFF, 1] + Array(stamp.text.utf8) + [0] + Array("more".utf8)
        #expect(PluginStamp(in: bytes) == stamp)
    }

    /// A value that is not known is left out, not empty.
    @Test func mayNotKnowTheCompiler() {
        var unknown = stamp
        unknown.swift = ""
        #expect(!unknown.text.contains("swift"))
        #expect(PluginStamp(in: Array(unknown.text.utf8) + [0]) == unknown)
        #expect(unknown.shown == "mhpipe 1.2.3, build 0123456789ab, x86_64-linux")
    }

    @Test func isShownInOneLine() {
        #expect(stamp.shown == "mhpipe 1.2.3, build 0123456789ab, Swift 6.3.1, x86_64-linux")
    }

    @Test(arguments: [
        "", "no stamp", "\u{1}mhpipe-plugin-stamp 1", "\u{1}mhpipe-plugin-stamp 1;version=1\u{0}",
        "\u{1}mhpipe-plugin-stamp 1;version=1;build=2;swift=3;target=4;",
    ])
    func isNotFoundInWhatHoldsNoneOrHalfOfOne(text: String) {
        #expect(PluginStamp(in: Array(text.utf8)) == nil)
    }
}
