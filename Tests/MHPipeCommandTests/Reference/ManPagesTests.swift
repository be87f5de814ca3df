import Foundation
import MHPipeBuiltins
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

@Suite struct ManPagesTests {
    private static let pages = ManPages(CommandRun.builtinDescriptions).all

    @Test func thereIsAPageForEachName() {
        #expect(Self.pages.count == ManPages.names.count)
        for (page, name) in zip(Self.pages, ManPages.names) {
            #expect(page.name == (name == "mhpipe" ? name : "mhpipe-\(name)"))
            #expect(CommandRun(["man", name], plugins: .builtin).output == page.text)
        }
        #expect(CommandRun(["man"], plugins: .builtin).output == Self.pages[0].text)
    }

    @Test func nothingThatIsDeclaredIsMissing() throws {
        func expectOptions<C: Command>(_ command: C.Type) throws {
            let name = C.name.replacing(" ", with: "-")
            let page = try #require(Self.pages.first { $0.name == "mhpipe-\(name)" })
            for parameter in C.parameters.map(\.description) where parameter.count == nil {
                let dashed = "--\(parameter.name)".replacing("-", with: "\\-")
                #expect(page.text.contains("\\fB\(dashed)\\fP"), "\(C.name) --\(parameter.name)")
            }
        }
        for command in CommandList.all { try expectOptions(command) }
        let pipeline = try #require(Self.pages.last).text
        for plugin in CommandRun.builtinDescriptions {
            #expect(pipeline.contains(".SS type: \(plugin.name)\n"))
            for option in plugin.options { #expect(pipeline.contains("\n\\fB\(option.key):\\fP\n")) }
        }
    }

    @Test func mandocFindsNothing() throws {
        guard let mandoc = ExternalProgram("mandoc") else { return }
        for page in Self.pages {
            let result = try mandoc.run(["-T", "lint", "-W", "warning"], input: Data(page.text.utf8))
            let findings = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
            // There is no day on which a version was made.
            #expect(findings.filter { !$0.contains("missing date") } == [], "\(page.name)")
        }
    }

    @Test func manFindsNothing() throws {
        guard let man = ExternalProgram("man") else { return }
        for page in Self.pages {
            let result = try man.run(
                ["--warnings", "-E", "UTF-8", "-P", "cat", "-l", "-"],
                input: Data(page.text.utf8)
            )
            #expect(result.errors == "" && result.status == 0, "\(page.name)")
            #expect(String(decoding: result.output, as: UTF8.self).contains("NAME"))
        }
    }

    @Test func allAreWritten() throws {
        let folder = try TemporaryDirectory()
        let run = CommandRun(["man", "--write", folder.path("man")], plugins: .builtin)
        #expect(run.errors == "mhpipe: \(folder.path("man")): \(Self.pages.count) pages\n")
        for page in Self.pages { #expect(try folder.read("man/\(page.file)") == Data(page.text.utf8)) }
    }

    @Test func aMistakeIsExplained() {
        let run = CommandRun(["man", "rn"], plugins: .builtin)
        #expect(run.exitCode == 2)
        #expect(run.errors.hasPrefix("mhpipe: there is no page 'rn'; did you mean 'run'?\n  the pages: mhpipe, "))
        #expect(
            CommandRun(["man", "run", "--write", "x"]).errors.hasPrefix("mhpipe: 'man --write' has no use for 'run'")
        )
    }
}

extension CommandRun {
    /// The plugins of mhpipe.
    static var builtinDescriptions: [PluginDescription] { PluginRegistry.builtin.descriptions }
}
