import Foundation
import MHPipeTestSupport
import Testing

/// What a quarantine has kept goes through the pipeline once it was mended, as if its source had given it.
@Suite(.timeLimit(.minutes(30))) struct ReplayTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(
            Trail.file([Self.event("a"), Self.event("b").replacing(":\"b\"", with: ":b"), Self.event("c")]),
            to: "logs/1.json"
        )
        try folder.write(String(Trail.file([Self.event("d"), Self.event("e")]).dropLast(6)), to: "logs/2.json")
        try folder.write(
            """
            quarantine: ${BAD:-bad.jsonl}
            sources:
              logs: {type: directory, path: logs}
              more: {type: file, path: more.json}
            sinks: {all: {type: jsonl, path: "${OUT:-all.jsonl}"}}
            """,
            to: "p.conf"
        )
        try folder.write(Trail.file([Self.event("m").replacing(":\"m\"", with: ":m")]), to: "more.json")
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 3)
    }

    private static func event(_ id: String) -> String {
        #"{"eventVersion":"1.08","eventName":"GetObject","eventSource":"s3.amazonaws.com","eventID":"\#(id)"}"#
    }

    private func replay(_ arguments: String..., from quarantine: String = "bad.jsonl") throws -> Mhpipe.Result {
        try mhpipe.run(
            arguments: ["replay", quarantine, "p.conf", "-q", "--set", "OUT=new.jsonl", "--set", "BAD=still.jsonl"]
                + arguments
        )
    }

    private func text(_ name: String) throws -> String { String(decoding: try folder.read(name), as: UTF8.self) }

    private func lines(_ name: String) throws -> [JSONTree] {
        try folder.read(name).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(JSONTree.self, from: Data($0))
        }
    }

    @Test func whatWasMendedIsWrittenWithItsOrigin() throws {
        // Of three texts two are mended; the third is as it was.
        let mended = try text("bad.jsonl").replacing(#":b}"#, with: #":\"b\"}"#).replacing(#":m}"#, with: #":\"m\"}"#)
        try folder.write(mended, to: "bad.jsonl")
        let result = try replay()
        #expect(result.status == 3, "\(result.errors)")
        #expect(try text("new.jsonl") == Self.event("b") + "\n" + Self.event("m") + "\n")
        // What still cannot be read has its place: the source, the file, the number, the text.
        let (before, after) = (try lines("bad.jsonl"), try lines("still.jsonl"))
        #expect(after.count == 1)
        for key in ["scope", "source", "file", "record", "raw", "reason"] { #expect(after[0][key] == before[1][key]) }
        #expect(after[0]["record"]?.integer == 1 && after[0]["source"]?.text == "logs")
        // Once that is mended as well, nothing is left.
        let raw = Self.event("e").replacing("\"", with: "\\\"")
        try folder.write(
            #"{"scope":"file","source":"logs","file":"logs/2.json","record":1,"raw":"\#(raw)"}"# + "\n",
            to: "last.jsonl"
        )
        let last = try mhpipe.run("replay", "last.jsonl", "p.conf", "-q", "--set", "OUT=o", "--set", "BAD=b")
        #expect(last.status == 0, "\(last.errors)")
        #expect(try text("o") == Self.event("e") + "\n" && text("b") == "")
    }

    @Test func outputsThatAreThereStay() throws {
        let before = try text("all.jsonl")
        let refused = try mhpipe.run("replay", "bad.jsonl", "p.conf", "-q", "--set", "BAD=still.jsonl")
        #expect(refused.status == 2)
        #expect(refused.errors.contains("the output of sink 'all', 'all.jsonl' is there already"), "\(refused.errors)")
        let same = try mhpipe.run("replay", "bad.jsonl", "p.conf", "-q", "--set", "OUT=new.jsonl")
        #expect(same.status == 2 && same.errors.contains("the quarantine that is replayed"), "\(same.errors)")
        try folder.write("kept", to: "still.jsonl")
        let quarantine = try replay()
        #expect(quarantine.status == 2 && quarantine.errors.contains("'still.jsonl' is there already"))
        #expect(try text("all.jsonl") == before && text("still.jsonl") == "kept")
        #expect(try replay("--force").status == 3)
    }

    /// What runs that append have written is not replaced, and they take what was mended as they take any file.
    @Test func whatRunsThatAppendHaveWrittenStays() throws {
        for name in ["all.jsonl", "bad.jsonl"] { try FileManager.default.removeItem(atPath: folder.path(name)) }
        let pipeline = try text("p.conf")
        try folder.write("state: st\nmode: append\n" + pipeline, to: "p.conf")
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 3)
        let before = try text("all.jsonl")
        let (quarantine, mended) = (try text("bad.jsonl"), Self.event("b") + "\n" + Self.event("m") + "\n")
        for more in [[], ["--force"]] {
            let refused = try mhpipe.run(
                arguments: ["replay", "bad.jsonl", "p.conf", "-q", "--set", "BAD=still.jsonl"] + more
            )
            #expect(refused.status == 2)
            #expect(refused.errors.contains("'all.jsonl' is there already"), "\(refused.errors)")
            #expect(refused.errors.contains("put what was mended into a file that they read"), "\(refused.errors)")
        }
        #expect(try text("all.jsonl") == before && text("bad.jsonl") == quarantine)
        try folder.write(mended, to: "logs/mended.json")
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 0)
        #expect(try text("all.jsonl") == before + mended)
    }

    @Test func whatHasNoTextIsTold() throws {
        let lines = [
            #"{"scope":"path","source":"logs","file":"gone.json","reason":"Permission denied"}"#, "",
            #"{"scope":"record","source":"logs","file":"big.json","record":7,"reason":"too large","raw":"{","rawBytes":70}"#,
            #"{"scope":"limit","file":"bad.jsonl","leftOut":5,"reason":"no room"}"#,
        ]
        try folder.write(lines.joined(separator: "\n"), to: "other.jsonl")
        let result = try replay(from: "other.jsonl")
        #expect(result.status == 3)
        let reasons = try self.lines("still.jsonl").compactMap { $0["reason"]?.text }
        #expect(reasons.contains("the quarantine has no text of it (Permission denied)"))
        #expect(reasons.contains("the quarantine has the first 1 of its 70 bytes (too large)"))
        #expect(reasons.contains { $0.hasPrefix("the quarantine had no room") })
    }

    /// A mistake of whoever mended the file is told before anything is written.
    @Test(arguments: [
        (#"{"scope":"record","file":"a","raw":"{"a":1}"}"#, "line 2 of 'q.jsonl' is no line of a quarantine"),
        ("[]", "line 2"), ("{}", "line 2"),
        (
            #"{"scope":"record","source":"no","file":"a","raw":"{}"}"#,
            "is of source 'no', which the pipeline does not have"
        ),
        (#"{"scope":"record","file":"a","raw":"{}"}"#, "is of no source"),
    ])
    func mistakesAreTold(line: String, message: String) throws {
        let good = #"{"scope":"record","source":"logs","file":"a","raw":"{}"}"#
        try folder.write(good + "\n" + line + "\n", to: "q.jsonl")
        let result = try replay(from: "q.jsonl")
        #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("new.jsonl")))
        #expect(try replay(from: "none.jsonl").status == 2)
    }

    @Test func bytesThatAreNoTextAndTheManifest() throws {
        let raw = Data(Self.event("z").utf8).base64EncodedString()
        try folder.write(
            #"{"scope":"record","source":"more","file":"f","record":9,"rawBase64":"\#(raw)"}"#,
            to: "q.jsonl"
        )
        #expect(try replay("--manifest", "m.jsonl", from: "q.jsonl").status == 0)
        #expect(try text("new.jsonl") == Self.event("z") + "\n")
        let inputs = try lines("m.jsonl").filter { $0["type"]?.text == "input" }
        #expect(inputs.count == 1 && inputs[0]["kind"]?.text == "stream" && inputs[0]["name"]?.text == "f")
        #expect(try mhpipe.run("verify", "m.jsonl").status == 0)
    }
}
