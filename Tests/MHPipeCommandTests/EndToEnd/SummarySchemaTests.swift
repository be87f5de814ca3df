import Foundation
import MHPipeTestSupport
import Testing

/// Summaries are as their schema says, and the schema tells what is none.
@Suite struct SummarySchemaTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe
    private let schema: JSONSchema

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        schema = try JSONSchema(Repository.root.appending(path: "docs/schema/summary-1.schema.json"))
        try folder.write(Trail.file([Trail.hubCall]), to: "in.json")
        try folder.write(Trail.file([Trail.hubCall, "{\"eventVersion\":x}"]), to: "bad.json")
    }

    private func summary() throws -> JSONTree {
        try JSONDecoder().decode(JSONTree.self, from: folder.read("s.json"))
    }

    @Test(arguments: [["in.json"], ["in.json", "bad.json"], ["in.json", "--where", "eventName == 'No'"]])
    func aSummaryIsAsTheSchemaSays(inputs: [String]) throws {
        let arguments =
            ["convert"] + inputs.prefix { !$0.hasPrefix("-") } + ["o.csv", "-q", "--force", "--summary", "s.json"]
        _ = try mhpipe.run(arguments: arguments + inputs.drop { !$0.hasPrefix("-") })
        #expect(schema.mistakes(try summary()) == [])
    }

    @Test func whatIsMissingOrUnknownIsTold() throws {
        _ = try mhpipe.run("convert", "bad.json", "o.csv", "-q", "--summary", "s.json")
        guard case .object(var members) = try summary() else { return #expect(Bool(false)) }
        members["extra"] = .null
        #expect(schema.mistakes(.object(members)) == ["$.extra: nothing is allowed here"])
        members["extra"] = nil
        members["exitCode"] = .string("3")
        #expect(schema.mistakes(.object(members)).count == 1)
        members["exitCode"] = nil
        #expect(schema.mistakes(.object(members)) == ["$: lacks exitCode"])
    }
}
