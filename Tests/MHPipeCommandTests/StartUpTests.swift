import Foundation
import MHPipeTestSupport
import Testing

/// What makes the program slow to start.
@Suite struct StartUpTests {
    /// The whole of Foundation brings its tables of all languages, which double the time to start; its essentials do not.
    @Test(arguments: ["Sources", "Plugins/Builtin"])
    func theProgramDoesWithoutTheWholeOfFoundation(folder: String) throws {
        let root = Repository.root.appending(path: folder)
        let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var seen = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            seen += 1
            for (number, line) in lines.enumerated() where line.hasSuffix("import Foundation") && line.first != " " {
                #expect(number > 0 && lines[number - 1] == "#else", "\(file.lastPathComponent)")
            }
        }
        #expect(seen > 30)
    }
}
