import Foundation
import MHPipeTestSupport
import Testing

/// What makes the program slow to start.
@Suite struct StartUpTests {
    /// Foundation brings its tables of all languages, which double the time to start; its essentials are thousands of
    /// symbols to be looked up at each start.
    @Test(arguments: ["Sources", "Plugins/Builtin"])
    func theProgramDoesWithoutFoundation(folder: String) throws {
        let root = Repository.root.appending(path: folder)
        let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var seen = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            seen += 1
            // What stands in from the margin is a text of the templates for plugins.
            let imports = lines.filter { $0.contains("import Foundation") && $0.first != " " }
            #expect(imports.isEmpty, "\(file.lastPathComponent)")
        }
        #expect(seen > 30)
    }
}
