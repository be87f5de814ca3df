import Foundation
import MHPipeBuiltins
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// `docs/reference` says what the plugins declare.
@Suite struct ReferencePagesTests {
    private let folder = Repository.root.appending(path: "docs/reference")
    private let pages = ReferencePages(PluginRegistry.builtin.descriptions).files

    @Test func everyPageIsCurrent() throws {
        for page in pages {
            let committed = try? String(contentsOf: folder.appending(path: page.name), encoding: .utf8)
            #expect(
                committed == page.text,
                "docs/reference/\(page.name) is old; run: mhpipe plugins --reference docs/reference"
            )
        }
    }

    @Test func everyPageHasAPlugin() throws {
        let committed = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        #expect(Set(committed) == Set(pages.map(\.name)))
    }
}
