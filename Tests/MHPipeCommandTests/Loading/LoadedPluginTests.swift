import Foundation
import MHPipeTestSupport
import Testing

/// Libraries of plugins in the built binary: those that fit are loaded, all others are refused in words.
#if os(Linux)
@Suite(.serialized, .timeLimit(.minutes(30))) struct LoadedPluginTests {
    private let plugin: BuiltPlugin

    init() throws {
        plugin = try BuiltPlugin.shared.get()
    }

    @Test func aNewPackageBuilds() {
        #expect(plugin.errors.hasSuffix("tag_team/libTagTeam.so: transform tag_team\n"))
    }

    @Test(arguments: [0, 1])
    func theCompilersMessagesStandAsTheyAre(status: Int) throws {
        let messages = """
            /a/b.swift:3:5: warning: variable 'x' was never used
            1 | let y = 1

            3 | var x = 2 // ä
              |     `- warning: variable 'x' was never used

            """
        let name = "messages_\(status)"
        _ = try plugin.run("plugin", "new", name)
        try plugin.folder.write(messages, to: "messages.txt")
        let tools = plugin.folder.url.appending(path: "talking")
        try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
        let tool = try plugin.folder.write("#!/bin/sh\ncat messages.txt\nexit \(status)\n", to: "talking/swift")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool)
        let built = try plugin.run("plugin", "build", name, tools: plugin.folder.path("talking"))
        #expect(built.errors.hasPrefix(messages + "mhpipe: '\(name)' "))
        if status == 1 { #expect(built.errors == messages + "mhpipe: '\(name)' does not build\n") }
        #expect(built.status == (status == 1 ? 1 : 2))
    }

    @Test func aNewPluginKeepsWhatMustHoldForAnyPlugin() throws {
        let tested = try plugin.run("plugin", "test", "tag_team/libTagTeam.so")
        #expect(tested.text == "transform tag_team, 2 samples: ok\n")
        #expect(tested.status == 0, "\(tested.errors)")
    }

    @Test func aPipelineLoadsTheLibraryThatItNames() throws {
        try plugin.folder.write(pipeline("plugins: [tag_team/libTagTeam.so, ./tag_team/libTagTeam.so]"), to: "a.conf")
        let run = try plugin.run("run", "a.conf", "-q")
        #expect(run.text.split(separator: "\n").first?.hasSuffix(#""tag_team":"NotifyMigrationTaskState"}"#) == true)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try plugin.run("check", "a.conf").errors == "mhpipe: a.conf: ok (1 source, 1 transform, 1 sink)\n")
    }

    @Test func anOptionLoadsALibrary() throws {
        try plugin.folder.write(pipeline(""), to: "b.conf")
        for words in ["run", "check"] {
            #expect(try plugin.run(words, "b.conf").errors.contains("there is no transform 'tag_team'"))
            #expect(try plugin.run(words, "b.conf", "--plugin", "tag_team/libTagTeam.so").status == 0)
        }
        let page = try plugin.run("plugins", "tag_team", "--plugin", "tag_team/libTagTeam.so")
        #expect(page.text.hasPrefix("tag_team (transform)\n"))
    }

    @Test func aLibraryThatIsNotThereIsShownInThePipeline() throws {
        try plugin.folder.write(pipeline("plugins: [libNone.so]"), to: "c.conf")
        let checked = try plugin.run("check", "c.conf")
        #expect(
            checked.errors == """
                error: cannot read the library 'libNone.so': No such file or directory
                  --> c.conf:1:11
                   |
                 1 | plugins: [libNone.so]
                   |           ^^^^^^^^^^
                   = to build it from its package: mhpipe plugin build DIR

                mhpipe: c.conf: 1 error

                """
        )
        #expect(checked.status == 2)
    }

    @Test func aLibraryForAnotherBuildIsRefused() throws {
        let own = try plugin.run("plugin", "stamp").text
        let build = try #require(own.firstMatch(of: /build=([0-9a-f]+);/)).1
        var bytes = Array(try Data(contentsOf: URL(filePath: plugin.library)))
        let place = try #require(bytes.firstRange(of: Array(build.utf8)))
        bytes.replaceSubrange(place, with: Array(build.utf8.reversed()))
        try plugin.folder.write(bytes, to: "libOther.so")
        let errors = try refusal(of: "libOther.so")
        #expect(errors.hasPrefix("mhpipe: 'libOther.so' was built for another mhpipe\n"))
        #expect(errors.contains("\n  it is for:  mhpipe "))
        #expect(errors.hasSuffix("\n  build it anew: mhpipe plugin build DIR\n"))
    }

    @Test func whatIsNoLibraryOfPluginsIsRefused() throws {
        try plugin.folder.write("some text", to: "libText.so")
        #expect(
            try refusal(of: "libText.so").contains("'libText.so' is no library of plugins: it is no shared library")
        )
        #expect(try refusal(of: "tag_team").contains("cannot read the library 'tag_team': Is a directory"))
        #expect(mkfifo(plugin.folder.path("libPipe.so"), 0o600) == 0)
        #expect(try refusal(of: "libPipe.so").contains("cannot read the library 'libPipe.so': it is no file"))
        let plain = try plugin.compile("public func nothing() {}", to: "Plain", isStamped: false)
        #expect(try refusal(of: plain).contains("it lacks the stamp of 'mhpipe plugin build'"))
    }

    @Test(arguments: [0.25, 0.5, 0.9, 0.999])
    func aLibraryThatIsCutOffIsRefused(share: Double) throws {
        let bytes = try Data(contentsOf: URL(filePath: plugin.library))
        try plugin.folder.write(bytes.prefix(Int(Double(bytes.count) * share)), to: "libCut.so")
        #expect(try refusal(of: "libCut.so").contains("'libCut.so' is cut off"))
    }

    @Test func aSecondCopyOfTheKitIsRefused() throws {
        let name = try plugin.compile(
            "@_cdecl(\"$s9MHPipeKit10EventBatchCMn\") public func kit() {}",
            to: "Copy"
        )
        #expect(try refusal(of: name).contains("'libCopy.so' brings a copy of MHPipeKit of its own"))
    }

    @Test func aLibraryThatSaysNothingOfItsPluginsIsRefused() throws {
        let name = try plugin.compile("public func nothing() {}", to: "Silent")
        #expect(try refusal(of: name).contains("'libSilent.so' has no function 'mhpipe_plugins'"))
    }

    @Test func aLibraryThatNeedsWhatNobodyHasIsRefused() throws {
        let name = try plugin.compile(
            """
            @_silgen_name("nobody_has_this") func missing() -> UnsafeMutableRawPointer
            @_cdecl("mhpipe_plugins") public func plugins() -> UnsafeMutableRawPointer { missing() }
            """,
            to: "Lacking"
        )
        let errors = try refusal(of: name)
        #expect(errors.contains("cannot load 'libLacking.so'"))
        #expect(errors.contains("undefined symbol: nobody_has_this"))
    }

    @Test func aPluginWhoseNameIsTakenIsRefused() throws {
        let name = try plugin.compile(
            """
            import MHPipeKit
            struct Other: Transform {
                static let name = "identity"
                static let summary = "Does nothing."
                init(_ options: NoOptions, _ context: PluginContext) {}
                func process(_ batch: EventBatch) {}
            }
            @_cdecl("mhpipe_plugins") public func plugins() -> UnsafeMutableRawPointer {
                PluginRegistry(transforms: [Other.self]).handedOver()
            }
            """,
            to: "Taken"
        )
        #expect(try refusal(of: name).contains("cannot load 'libTaken.so': there is a transform 'identity' already"))
    }

    @Test func testSaysWhatDoesNotHold() throws {
        let name = try plugin.compile(
            """
            import MHPipeKit
            struct Counter: Transform {
                static let name = "counter"
                static let summary = "counts"
                var count = 0
                init(_ options: NoOptions, _ context: PluginContext) {}
                mutating func process(_ batch: EventBatch) {
                    let column = batch.addColumn("n")
                    for event in batch {
                        count += 1
                        column.set(.int(count), row: event.row)
                    }
                }
            }
            @_cdecl("mhpipe_plugins") public func plugins() -> UnsafeMutableRawPointer {
                PluginRegistry(transforms: [Counter.self]).handedOver()
            }
            """,
            to: "Counting"
        )
        let tested = try plugin.run("plugin", "test", name)
        #expect(tested.status == 1)
        #expect(tested.text.contains("  transform 'counter': the summary is no sentence: counts\n"))
        #expect(tested.text.contains("  a batch split at 1 gives something else\n"))
    }

    @Test func anotherCompilerDoesNotBuildALibrary() throws {
        let compiler = try plugin.folder.write(
            "#!/bin/sh\necho 'Swift version 5.1.2 (swift-5.1.2-RELEASE)'\n",
            to: "old/swiftc"
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: compiler)
        let built = try plugin.run("plugin", "build", "tag_team", tools: plugin.folder.path("old"))
        #expect(built.errors.contains(", but 'swiftc' is of Swift 5.1.2\n"))
        #expect(built.status == 2)
    }

    @Test func anotherMhpipeHasEverythingCompiledAnew() throws {
        _ = try plugin.run("plugin", "new", "recorded")
        let tool = try plugin.folder.write("#!/bin/sh\necho \"$@\" > arguments\nexit 1\n", to: "recording/swift")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool)
        _ = try plugin.run("plugin", "build", "recorded", tools: plugin.folder.path("recording"))
        let stamp = try plugin.run("plugin", "stamp").text
        let build = try #require(stamp.firstMatch(of: /build=([^;]+);/)?.1)
        let arguments = String(decoding: try plugin.folder.read("arguments"), as: UTF8.self)
        #expect(arguments.contains("-Xswiftc -DMHPIPE_BUILD_\(build)"))
    }

    @Test func aFolderWithoutAPackageIsNotBuilt() throws {
        let built = try plugin.run("plugin", "build", "tag_team/Sources")
        #expect(built.errors.contains("there is no package in 'tag_team/Sources': it has no Package.swift"))
        #expect(built.status == 2)
    }

    /// What the listing of plugins says of a library that it refuses.
    private func refusal(of library: String) throws -> String {
        let listed = try plugin.run("plugins", "--plugin", library)
        #expect(listed.status == 2)
        #expect(listed.text.isEmpty)
        return listed.errors
    }

    private func pipeline(_ plugins: String) -> String {
        """
        \(plugins)
        sources: { logs: { type: file, path: tag_team/sample.jsonl } }
        transforms: { added: { type: tag_team } }
        sinks: { lines: { type: jsonl, path: "-" } }

        """
    }
}
#endif
