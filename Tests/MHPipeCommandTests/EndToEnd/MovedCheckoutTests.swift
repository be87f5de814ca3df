import Foundation
import MHPipeTestSupport
import Testing

/// `.ci/deps`, with which every `make` begins, in a folder that was built elsewhere.
@Suite struct MovedCheckoutTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        try folder.write(Data(contentsOf: Repository.root.appending(path: ".ci/deps")), to: ".ci/deps")
    }

    private func deps() throws -> Mhpipe.Result {
        try Mhpipe(folder: folder).shell("PATH=/usr/bin:/bin sh .ci/deps")
    }

    @Test func whatWasBuiltElsewhereIsNamed() throws {
        try folder.write("nodes:\n  \"/old place/mhpipe/.build/debug/a.swiftmodule\":\n", to: ".build/debug.yaml")
        let result = try deps()
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("error: this folder was built as /old place/mhpipe, "))
        #expect(result.errors.hasSuffix("\n    make clean\n"))
    }

    @Test func whatWasBuiltHereIsFine() throws {
        let here = folder.url.resolvingSymlinksInPath().path(percentEncoded: false)
        let place = here.hasSuffix("/") ? String(here.dropLast()) : here
        try folder.write("nodes:\n  \"\(place)/.build/debug/a.swiftmodule\":\n", to: ".build/debug.yaml")
        let result = try deps()
        #expect(!result.errors.contains("was built as"))
    }
}
