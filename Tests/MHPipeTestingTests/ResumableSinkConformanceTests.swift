import Foundation
import MHPipeKit
import MHPipeTesting
import Testing

/// The checks of sinks that can go on pass a sound one, and find what is wrong with others.
@Suite(.timeLimit(.minutes(30))) struct ResumableSinkConformanceTests {
    private func findings(_ mistake: String) throws -> [String] {
        try PluginConformance.sink(Resumed.self, PluginSample("path: ${FOLDER}/out.jsonl\nmistake: \(mistake)"))
    }

    @Test func findsNothingWrongWithASinkThatGoesOn() throws {
        #expect(try findings("none") == [])
    }

    @Test(arguments: [
        ("keepsTail", "stopped after 3 units and 2 that are written anew, it writes something else"),
        ("keepsTail", "killed after 3 units and 2 that are written anew, it writes something else"),
        ("marksCheckpoints", "asked for a checkpoint after each unit, it writes something else"),
        ("startsAnew", "appended to after 4 units, it writes something else"),
        ("writesInPlace", "the old output changes when it is appended to"),
        ("believesAll", "goes on at a checkpoint that it never gave"),
        ("forgetsPart", "abort after appending leaves [\"out.jsonl\", \"out.jsonl.part\"]"),
    ])
    func findsWhatIsWrong(mistake: String, finding: String) throws {
        let findings = try findings(mistake)
        #expect(findings.contains(finding), "\(finding) is not in \(findings)")
    }
}

/// JSON lines in a file that can be gone on with.
private struct Resumed: ResumableSink {
    static let name = "resumed"
    static let summary = "Writes JSON lines, and goes on with them."

    struct Options: PluginOptions {
        var path: OutputPath = ""
        var mistake = "none"
        static let all: [Option<Options>] = [
            .required("path", \.path, "The file.", example: "x"),
            .optional("mistake", \.mistake, "What it does wrong."),
        ]
    }

    private let path: String
    private let mistake: String
    private var file: FileHandle?

    init(_ options: Options, _ context: PluginContext) {
        (path, mistake) = (options.path.path, options.mistake)
    }

    private var part: String { mistake == "writesInPlace" ? path : path + ".part" }

    mutating func open(_ start: SinkStart) throws {
        var length: UInt64 = 0
        switch start {
        case .fresh: break
        case .resume(let checkpoint): length = try self.length(checkpoint)
        case .append(let checkpoint):
            if let checkpoint, mistake != "startsAnew" { length = try self.length(checkpoint) }
            if length > 0, part != path { try FileManager.default.copyItem(atPath: path, toPath: part) }
        }
        if length == 0 {
            guard FileManager.default.createFile(atPath: part, contents: nil) else {
                throw StageError("cannot write '\(path)'")
            }
        }
        guard let file = FileHandle(forWritingAtPath: part) else { throw StageError("cannot write '\(path)'") }
        if mistake != "keepsTail" { try file.truncate(atOffset: length) }
        try file.seekToEnd()
        self.file = file
    }

    private func length(_ checkpoint: Checkpoint) throws -> UInt64 {
        let length = UInt64(String(decoding: checkpoint.token, as: UTF8.self))
        guard let length = mistake == "believesAll" ? length ?? 0 : length else { throw StageError("no checkpoint") }
        return length
    }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws { try file?.write(contentsOf: Data(bytes)) }

    mutating func checkpoint() throws -> Checkpoint {
        if mistake == "marksCheckpoints" { try file?.write(contentsOf: Data("\n".utf8)) }
        try file?.synchronize()
        return Checkpoint(token: Array("\(try file?.offset() ?? 0)".utf8))
    }

    mutating func finish() throws { try file?.synchronize() }

    mutating func commit() throws {
        guard part == path || rename(part, path) == 0 else { throw StageError("cannot write '\(path)'") }
    }

    mutating func suspend() { try? file?.close() }

    mutating func abort() {
        if mistake != "forgetsPart" { try? FileManager.default.removeItem(atPath: part) }
    }
}
