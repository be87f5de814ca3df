import MHPipeIO
import MHPipeKit
import MHPipePlan
import MHPipeRuntime

/// Gives the texts of a quarantine that came from one source of a pipeline, in the place of that source.
struct ReplaySource: SelectingSource {
    static let name = "replay"
    static let summary = "Gives again what a quarantine has kept."

    struct Options: PluginOptions {
        var path: InputPath = ""

        static let all: [Option<Options>] = [.required("path", \.path, "The quarantine.", example: "bad.jsonl")]
    }

    let selection: EventSelection?
    private let path: String
    private let source: String?
    private let isFirst: Bool

    init(_ options: Options, _ context: PluginContext) {
        (path, source, selection, isFirst) = (options.path.path, nil, nil, true)
    }

    /// Takes the place of a source.
    ///
    /// - Parameters:
    ///   - path: The quarantine.
    ///   - stage: The name of the source.
    ///   - isFirst: True when lines that are of no source are its own.
    ///   - isOnly: True when lines without a source are its own.
    ///   - place: The source, whose selection holds here as well.
    init(_ path: String, of stage: String, isFirst: Bool, isOnly: Bool, in place: any Source) {
        (self.path, self.isFirst) = (path, isFirst)
        source = isOnly ? nil : stage
        selection = (place as? any SelectingSource)?.selection
    }

    func list() throws -> any UnitList {
        do {
            return List(try LineReader(FilePath(path)), path, source, isFirst)
        } catch {
            throw StageError("\(error)")
        }
    }

    private final class List: UnitList {
        private let lines: LineReader
        private let path: String
        private let source: String?
        private let isFirst: Bool
        private var number = 0

        init(_ lines: LineReader, _ path: String, _ source: String?, _ isFirst: Bool) {
            (self.lines, self.path, self.source, self.isFirst) = (lines, path, source, isFirst)
        }

        func next() throws -> NextUnit {
            while let line = try nextLine() {
                number += 1
                guard line.contains(where: { $0 > UInt8(ascii: " ") }) else { continue }
                let text = try QuarantinedText.read(line, number, path)
                guard source == nil || text.source == source || text.source == nil && isFirst else { continue }
                if let obstacle = text.obstacle {
                    return .unreadable(UnreadableInput(name: text.file, reason: obstacle))
                }
                return .unit(ReplayedText(text, line: number))
            }
            return .end
        }

        private func nextLine() throws -> [UInt8]? {
            do {
                return try lines.next()
            } catch {
                throw StageError("\(error)")
            }
        }
    }
}

/// The text of one line of a quarantine as a unit of work, under the name of the file that it came from.
struct ReplayedText: NumberedUnit {
    let name: String
    let id: UnitID
    let firstRecord: Int
    private let bytes: [UInt8]

    init(_ text: QuarantinedText, line: Int) {
        name = text.file
        id = UnitID(text.file, version: "quarantine line \(line)")
        firstRecord = text.record ?? 0
        bytes = text.text ?? []
    }

    var size: Int? { bytes.count }

    var facts: UnitFacts { UnitFacts(cloudTrailKey: name) }

    func open() -> any ByteStream { BytesStream(bytes) }
}
