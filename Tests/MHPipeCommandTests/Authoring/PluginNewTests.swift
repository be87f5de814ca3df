import Foundation
import MHPipeBuiltins
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

@Suite struct PluginNewTests {
    @Test(arguments: [
        ("Tag", "needs lower case letters"), ("tag-team", "needs lower case letters"), ("_tag", "needs lower case"),
        ("2fast", "needs a letter first, not a digit, since the module and its types are named after it: '2fast'"),
        ("7", "needs a letter first"), ("a__b", "single underscores"),
        ("tag__team", "needs lower case"), ("7up", "needs a letter first"), ("../x", "needs lower case"),
        ("source", "needs a name of its own"), ("identity", "there is a transform 'identity' already"),
    ])
    func refusesNamesThatLeadNowhere(name: String, message: String) throws {
        let run = CommandRun(["plugin", "new", name, "--static"], plugins: .builtin)
        #expect(run.errors.contains(message))
        #expect(run.exitCode == 2)
    }

    @Test func leavesAloneWhatIsThere() throws {
        let folder = try TemporaryDirectory()
        try folder.write("mine", to: "tag_team/README.md")
        let run = try Mhpipe(folder: folder).run("plugin", "new", "tag_team", "--static")
        #expect(run.errors.contains("'tag_team' is there already"))
        #expect(try folder.read("tag_team/README.md") == Data("mine".utf8))
    }

    @Test func saysWhereItLooksForTheSources() throws {
        let folder = try TemporaryDirectory()
        let run = try Mhpipe(folder: folder).run("plugin", "new", "tag_team", "--static", "--sources", "nowhere")
        #expect(run.errors.contains("'nowhere' holds no package"))
        let loaded = try Mhpipe(folder: folder).run("plugin", "new", "tag_team", "--sources", "nowhere")
        #expect(loaded.errors.contains("'--sources' is for '--static' only"))
    }

    @Test(arguments: ["source", "transform", "sink"], [true, false])
    func everyKindFillsItsPlaces(kind: String, isStatic: Bool) throws {
        let template = PluginTemplate(
            name: "tag_team",
            kind: try #require(.init(rawValue: kind)),
            delivery: isStatic ? .program(checkout: "/sources of mhpipe") : .library(kit: "/opt/lib/mhpipe")
        )
        for (path, text) in template.files {
            #expect(!text.contains("@NAME") && !path.contains("@"), "\(path)")
            #expect(text.firstMatch(of: /@[A-Z]{4,}@/) == nil, "\(path)")
            #expect(!text.split(separator: "\n").contains { $0.last == " " }, "\(path)")
        }
        let paths = template.files.map(\.path)
        #expect(Set(paths).count == paths.count)
        #expect(paths.contains(isStatic ? "Sources/TagTeam/Main.swift" : "Sources/TagTeam/Library.swift"))
    }
}
