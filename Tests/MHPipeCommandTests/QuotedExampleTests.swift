import Foundation
import MHPipeTestSupport
import Testing

/// `docs/writing-plugins.md` shows the files of `Plugins/Example` as they are.
@Suite struct QuotedExampleTests {
    private static let folder = Repository.root.appending(path: "Plugins/Example")
    private static let files: [String] = {
        let walk = FileManager.default.enumerator(atPath: folder.path(percentEncoded: false))
        let paths = walk?.compactMap { $0 as? String } ?? []
        return paths.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".swift") || $0.hasSuffix(".conf")) }.sorted()
    }()

    @Test func thereAreFiles() {
        #expect(Self.files.contains("Package.swift"))
        #expect(Self.files.contains { $0.hasSuffix("Main.swift") })
    }

    @Test(arguments: files)
    func isQuoted(file: String) throws {
        let page = try String(contentsOf: Repository.root.appending(path: "docs/writing-plugins.md"), encoding: .utf8)
        let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
        let language = file.hasSuffix(".swift") ? "swift" : "yml"
        let block = "](../Plugins/Example/\(file)):\n\n```\(language)\n\(text)```\n"
        #expect(page.contains(block), "the page must have a link to \(file), and below it the file as it is")
    }
}
