import Foundation
import MHPipeTestSupport
import Testing

/// The files that the documents name are there.
@Suite struct NamedFilesTests {
    private static let documents =
        ["README.md", "CONTRIBUTING.md", "Plugins/Example/README.md"]
        + ((try? FileManager.default.contentsOfDirectory(atPath: path("docs"))) ?? [])
        .filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }.sorted()

    private static func path(_ name: String) -> String {
        Repository.root.appending(path: name).path(percentEncoded: false)
    }

    /// The names of the Swift files of the package.
    private static let swiftFiles: Set<String> = {
        let paths = ["Sources", "Plugins", "Tests"].flatMap { folder in
            FileManager.default.enumerator(atPath: path(folder))?.compactMap { $0 as? String } ?? []
        }
        return Set(paths.filter { $0.hasSuffix(".swift") }.map { ($0 as NSString).lastPathComponent })
    }()

    @Test func thereAreDocuments() {
        #expect(Self.documents.contains("docs/architecture.md"))
        #expect(Self.swiftFiles.contains("PipelineRun.swift"))
    }

    @Test(arguments: documents)
    func linksLeadSomewhere(document: String) throws {
        let text = try String(contentsOfFile: Self.path(document), encoding: .utf8)
        let folder = URL(filePath: Self.path(document)).deletingLastPathComponent()
        for match in text.matches(of: /\]\(([^)#:]+)\)/) {
            let target = folder.appending(path: String(match.1)).standardizedFileURL
            #expect(FileManager.default.fileExists(atPath: target.path(percentEncoded: false)), "\(match.1)")
        }
    }

    @Test func architectureNamesFilesOfThePackage() throws {
        let text = try String(contentsOfFile: Self.path("docs/architecture.md"), encoding: .utf8)
        let names = text.matches(of: /`([A-Za-z0-9+]+\.swift)`/).map { String($0.1) }
        #expect(names.count > 40)
        for name in names { #expect(Self.swiftFiles.contains(name) || name == "Package.swift", "\(name)") }
        for match in text.matches(of: /`((?:Sources|Plugins|Tests|docs|\.ci)\/[A-Za-z0-9\/.\-]+)`/)
        where match.1 != "Sources/X" && match.1 != "Tests/XTests" {
            #expect(FileManager.default.fileExists(atPath: Self.path(String(match.1))), "\(match.1)")
        }
    }
}
