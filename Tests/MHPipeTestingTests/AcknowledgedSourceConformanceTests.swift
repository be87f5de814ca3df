import Foundation
import MHPipeKit
import MHPipeRuntime
import MHPipeTesting
import Testing

/// The checks of sources that are queues pass a sound one, and find what is wrong with others.
@Suite(.timeLimit(.minutes(30))) struct AcknowledgedSourceConformanceTests {
    private static let engine: ConformanceEngine = { plan, started in
        let run = PipelineRun(plan)
        started { run.cancel() }
        _ = try run.run()
    }

    private func findings(_ mistake: String) throws -> [String] {
        try PluginConformance.source(
            Spool.self,
            PluginSample("path: ${FOLDER}\nmistake: \(mistake)"),
            engine: Self.engine
        )
    }

    @Test func findsNothingWrongWithAQueue() throws {
        #expect(try findings("none") == [])
    }

    @Test(arguments: [
        ("forgets", "gives units again that it was told are committed: [\"a.json"),
        ("forgets", "a run, and those after it, do not give each event once"),
        ("loses", "gives other units after all were released: [], not"),
        (
            "loses",
            "a run that is cancelled half-way (on_interrupt: abort), and those after it, do not give each event once"
        ),
        ("twice", "committing units a second time throws"),
        ("drops", "gives [] after others were committed, not"),
    ])
    func findsWhatIsWrong(mistake: String, finding: String) throws {
        let findings = try findings(mistake)
        #expect(findings.contains { $0.hasPrefix(finding) }, "\(finding) is not in \(findings)")
    }
}

/// The files of a folder, each gone when all that came of it is in its place.
private struct Spool: AcknowledgedSource {
    static let name = "spool"
    static let summary = "Reads files and removes them."

    struct Options: PluginOptions {
        var path: InputTree = ""
        var mistake = "none"
        static let all: [Option<Options>] = [
            .required("path", \.path, "The folder.", example: "spool"),
            .optional("mistake", \.mistake, "What it does wrong."),
        ]
    }

    private let options: Options

    init(_ options: Options, _ context: PluginContext) { self.options = options }

    func list() throws -> any UnitList {
        let names = try? FileManager.default.contentsOfDirectory(atPath: options.path.path)
        guard let names else { throw StageError("cannot read '\(options.path.path)'") }
        return Files(names.filter { $0.contains(".json") }.sorted().map { File(folder: options.path.path, name: $0) })
    }

    mutating func committed(_ units: [UnitID]) throws {
        if options.mistake == "forgets" { return }
        for unit in options.mistake == "drops" ? all : units.map(\.displayName) {
            do {
                try FileManager.default.removeItem(atPath: "\(options.path.path)/\(unit)")
            } catch {
                if options.mistake == "twice" { throw error }
            }
        }
    }

    mutating func released(_ units: [UnitID]) {
        guard options.mistake == "loses" else { return }
        for unit in units { try? FileManager.default.removeItem(atPath: "\(options.path.path)/\(unit.displayName)") }
    }

    private var all: [String] { (try? FileManager.default.contentsOfDirectory(atPath: options.path.path)) ?? [] }

    private final class Files: UnitList {
        private var rest: ArraySlice<File>
        init(_ files: [File]) { rest = files[...] }
        func next() -> NextUnit { rest.popFirst().map { .unit($0) } ?? .end }
    }

    private struct File: SourceUnit {
        let folder: String
        let name: String
        var size: Int? { nil }

        func open() throws -> any ByteStream {
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
                throw StageError("is gone")
            }
            return Stream(bytes)
        }
    }

    private final class Stream: ByteStream {
        private var rest: Data
        init(_ bytes: Data) { rest = bytes }

        func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
            let bytes = rest.prefix(buffer.count)
            buffer.copyBytes(from: bytes)
            rest = rest.dropFirst(bytes.count)
            return bytes.count
        }
    }
}
