import Foundation
import MHPipeTestSupport
import Testing

/// The columns of `call` stand behind the default ones where the pipeline has that transform, and nowhere else.
@Suite struct CallColumnsTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        let record = """
            {"eventVersion":"1.08","eventName":"DeleteX","sourceIPAddress":"203.0.113.7","userAgent":"Boto3/1.9",\
            "errorCode":"Denied","requestParameters":{"a":"arn:aws:s3:::b"}}
            """
        try folder.write(record + "\n", to: "in.jsonl")
    }

    private static let behind = """
        call_outcome,call_error,call_write,call_source,call_ip,call_service,call_tool,call_toolVersion,call_arns,\
        call_targetUser,call_targetRole,call_targetGroup,call_issuedKey
        """

    @Test(arguments: [
        ("what: {type: call}", "what", true), ("what: {type: call}, who: {type: identity}", "who", true),
        ("what: {type: call}, who: {type: identity, inputs: [in]}", "who", false),
        ("who: {type: identity}", "who", false),
        ("what: {type: call, as: done}", "what", false),
    ])
    func standWhereTheWayHasTheTransform(transforms: String, input: String, isThere: Bool) throws {
        let header = try run(transforms, "{type: csv, path: out.csv, inputs: [\(input)]}").prefix { $0 != "\r\n" }
        #expect(header.hasSuffix("additionalEventData,\(Self.behind)") == isThere)
        #expect(header.contains("call_") == isThere)
        #expect(header.hasPrefix("eventTime,eventName,"))
    }

    @Test func holdWhatCallSays() throws {
        let text = try run("what: {type: call}", "{type: csv, path: out.csv}")
        #expect(text.hasSuffix(#",failure,Denied,true,ip,203.0.113.7,,Boto3,1.9,"[""arn:aws:s3:::b""]",,,,"# + "\r\n"))
    }

    @Test func standNotBesideColumnsOfOnesOwn() throws {
        let sink = "{type: csv, path: out.csv, columns: [eventName, call.outcome]}"
        #expect(try run("what: {type: call}", sink) == "eventName,call_outcome\r\nDeleteX,failure\r\n")
    }

    @Test func listsAreReadElementByElement() throws {
        let transforms =
            "what: {type: call}, f: {type: filter, where: 'call.arns[0].endsWith(\":b\") && !has(call.arns[1])'}"
        let sink = "{type: csv, path: out.csv, columns: [call.arns.0, call.arns.1, eventName]}"
        let text = try run(transforms, sink)
        #expect(text == "call_arns_0,call_arns_1,eventName\r\narn:aws:s3:::b,,DeleteX\r\n")
    }

    @Test func canBeIndexed() throws {
        let sink = "{type: sqlite, path: out.db, indexes: [call.outcome]}"
        _ = try run("what: {type: call}", sink)
        let refused = try mhpipe.run("run", write("who: {type: identity}", sink))
        #expect(refused.status != 0)
        #expect(refused.errors.contains("'indexes' names 'call.outcome', which is not one of the columns"))
    }

    @Test func areKnownToTheCheck() throws {
        let filter = "what: {type: call}, f: {type: filter, field: call.outcome, equals: fail}"
        let check = try mhpipe.run("check", write(filter, "{type: csv, path: out.csv, columns: [call.outcom]}"))
        #expect(check.errors.contains("failure"))
        #expect(check.errors.contains("did you mean 'outcome'?"), "\(check.errors)")
    }

    @Test func areThereWithConvertToo() throws {
        let run = try mhpipe.run("convert", "-q", "--call", "in.jsonl", "-")
        #expect(run.status == 0)
        #expect(run.text.contains(#","call":{"outcome":"failure","error":"Denied","write":true,"source":"ip","#))
    }

    private func write(_ transforms: String, _ sink: String) throws -> String {
        let text = "sources: {in: {type: file, path: in.jsonl}}\ntransforms: {\(transforms)}\nsinks: {out: \(sink)}\n"
        try folder.write(text, to: "p.conf")
        return "p.conf"
    }

    /// Runs a pipeline; gives its CSV.
    private func run(_ transforms: String, _ sink: String) throws -> String {
        let run = try mhpipe.run("run", "-q", write(transforms, sink))
        #expect(run.status == 0, "\(run.errors)")
        return (try? String(decoding: folder.read("out.csv"), as: UTF8.self)) ?? ""
    }
}
