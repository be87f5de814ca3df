import MHPipeBuiltins
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

@Suite struct PluginsCommandTests {
    private let plugins = PluginRegistry(transforms: [SamplePlugin.self, PlainPlugin.self])

    @Test func listsThePluginsByKind() {
        let run = CommandRun(["plugins"], plugins: plugins)
        #expect(
            run.output == """
                Transforms:
                  sample  Does nothing | with options.
                  plain   Does nothing.

                """
        )
        #expect(run.exitCode == 0)
    }

    @Test func showsAPluginWithItsOptions() {
        let run = CommandRun(["plugins", "sample"], plugins: plugins)
        #expect(
            run.output == """
                sample (transform)
                Does nothing | with options.

                Options:
                  field: a text; required
                      The field, or **all**, to look at.
                      Example: eventName
                  limit: a whole number
                      How many are kept.
                      Default: 5
                      Example: 10
                  note: a text
                      A text.
                  fields: a list, each element a text
                      Many fields.
                      Default: [field1, field2, field3, field4, field5, field6, field7, field8, field9, field10,
                      field11, field12, field13, field14, field15, field16, field17, field18, field19, field20]

                In a pipeline:
                  transforms:
                    sample:
                      type: sample
                      field: eventName
                      # limit: 10
                      # note: ...
                      # fields: [field1, field2, field3, field4, field5, field6, field7, field8, field9, field10, field11, field12, field13, field14, field15, field16, field17, field18, field19, field20]

                """
        )
    }

    @Test func showsAPluginWithoutOptions() {
        let run = CommandRun(["plugins", "plain"], plugins: plugins)
        #expect(
            run.output == """
                plain (transform)
                Does nothing.

                It takes no options.

                In a pipeline:
                  transforms:
                    plain:
                      type: plain

                """
        )
    }

    @Test func suggestsTheNameThatWasMeant() {
        let run = CommandRun(["plugins", "smaple"], plugins: plugins)
        #expect(
            run.errors
                == "mhpipe: there is no plugin 'smaple'; did you mean 'sample'?\n  'mhpipe plugins' lists them all\n"
        )
        #expect(run.output == "")
        #expect(run.exitCode == 2)
    }

    @Test func writesReferencePages() throws {
        let folder = try TemporaryDirectory()
        let run = CommandRun(["plugins", "--reference", folder.path("pages")], plugins: plugins)
        #expect(run.errors == "mhpipe: \(folder.path("pages")): 3 pages\n")
        #expect(run.exitCode == 0)
        let page = String(decoding: try folder.read("pages/transform-sample.md"), as: UTF8.self)
        #expect(page.contains("| `limit` | a whole number | `5` | How many are kept. Example: `10` |\n"))
        #expect(page.contains("| The field, or \\*\\*all\\*\\*, to look at. Example: `eventName` |\n"))
        #expect(page.contains("| `fields` | a list, each element a text | see below | Many fields. |\n"))
        #expect(page.contains("\nThe default of `fields`:\n\n```yaml\n[field1, field2, "))
        let index = String(decoding: try folder.read("pages/README.md"), as: UTF8.self)
        #expect(index.contains("| [`sample`](transform-sample.md) | Does nothing \\| with options. |\n"))
        #expect(!index.contains("Sinks"))
    }

    @Test func referencePagesNeedAFolder() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("", to: "file")
        let run = CommandRun(["plugins", "--reference", path], plugins: plugins)
        #expect(run.errors == "mhpipe: cannot write '\(path)/README.md': Not a directory\n")
        #expect(run.exitCode == 1)
    }
}
