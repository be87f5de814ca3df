import MHPipeIO
import MHPipeKit

/// What the runs of a pipeline with `mode: append` have committed: all that it says of is on the disk.
///
/// As a text it is a line for each thing, like a `JournalRecord`; texts of the pipeline stand in hexadecimal digits:
///
/// ```
/// mhpipe-committed 1
/// run 31                   the number of the last run
/// pipeline 8f0c...         a hash of the pipeline
/// source 6c6f6773 6c6f67   a source, and a path that it reads
/// units 30 5000000         the units of some runs: so many records in `committed-30`
/// units 31 1200            those of later ones
/// sink 617564 3230...      where a sink ended
/// quarantine 3020...
/// stage 6f6e6365 4096      what a transform keeps from run to run: so many bytes of `kept-6f6e6365` (`KeptStates`)
/// known 6f6e6365 0a00 512  what one knows by fingerprints: what its runs have in common, so many bytes of `kept-6f6e6365.texts`
/// prints 6f6e6365 31 7000  and so many fingerprints in `kept-6f6e6365.31` (`KnownFingerprints`)
/// end 5d41...
/// ```
///
/// One that has `known` in it is of the second version, which earlier ones of mhpipe say of that they cannot read it.
struct CommitRecord: Equatable {
    /// A source, and a path that it reads; empty for one that reads none.
    struct Reading: Hashable {
        var source: String
        var path: String
    }

    /// A file of records of units, by the run that wrote it.
    struct Segment: Hashable {
        var run: Int
        var count: Int

        var file: String { "committed-\(run)" }
    }

    /// What a transform knows by fingerprints.
    struct Known: Equatable {
        var head: [UInt8] = []
        var textBytes = 0
        /// The oldest first.
        var segments: [Segment] = []
    }

    var run = 0
    var pipeline = ""
    var readings: Set<Reading> = []
    /// The oldest first, whose records later ones replace.
    var segments: [Segment] = []
    var sinks: [String: Checkpoint] = [:]
    var quarantine: Checkpoint?
    /// For each transform that keeps something, the bytes that count.
    var stages: [String: Int] = [:]
    /// For each transform that looks fingerprints up.
    var known: [String: Known] = [:]

    /// The units that are in it, some twice that were read again.
    var units: Int { segments.reduce(0) { $0 + $1.count } }

    /// The file that holds what a transform keeps.
    static func file(ofStage name: String) -> String { "kept-\(Hexadecimal.text(name.utf8))" }

    /// The file that holds fingerprints of a transform.
    static func file(ofStage name: String, _ segment: Segment) -> String { "\(file(ofStage: name)).\(segment.run)" }

    /// The file that holds what its fingerprints stand for.
    static func textFile(ofStage name: String) -> String { "\(file(ofStage: name)).texts" }

    var files: Set<String> {
        var files = Set(segments.map(\.file) + stages.keys.map(Self.file))
        for (name, known) in known {
            files.formUnion(known.segments.map { Self.file(ofStage: name, $0) })
            if known.textBytes > 0 { files.insert(Self.textFile(ofStage: name)) }
        }
        return files
    }

    private static let (title, titleWithKnown) = ("mhpipe-committed 1", "mhpipe-committed 2")

    init() {}

    func text() throws -> String {
        func digits(_ text: String) -> String { text.isEmpty ? "-" : Hexadecimal.text(text.utf8) }
        var lines = ["run \(run)", "pipeline \(pipeline)"]
        lines += readings.map { "source \(digits($0.source)) \(digits($0.path))" }.sorted()
        lines += segments.map { "units \($0.run) \($0.count)" }
        lines += sinks.map { "sink \(digits($0.key)) \(Hexadecimal.text($0.value.token))" }.sorted()
        if let quarantine { lines.append("quarantine \(Hexadecimal.text(quarantine.token))") }
        lines += stages.map { "stage \(digits($0.key)) \($0.value)" }.sorted()
        for (name, known) in known.sorted(by: { $0.key < $1.key }) {
            let head = known.head.isEmpty ? "-" : Hexadecimal.text(known.head)
            lines.append("known \(digits(name)) \(head) \(known.textBytes)")
            lines += known.segments.map { "prints \(digits(name)) \($0.run) \($0.count)" }
        }
        return try SealedText.make(known.isEmpty ? Self.title : Self.titleWithKnown, lines)
    }

    /// - Throws: `StageError` when the text is no such record, or a damaged one.
    init(_ text: String) throws {
        func plain(_ digits: Substring) throws -> String {
            if digits == "-" { return "" }
            guard let bytes = Hexadecimal.bytes(digits) else { throw SealedText.damaged }
            return String(decoding: bytes, as: UTF8.self)
        }
        let title = text.hasPrefix(Self.titleWithKnown + "\n") ? Self.titleWithKnown : Self.title
        for line in try SealedText.lines(text, title) {
            let parts = line.split(separator: " ")
            switch (parts.first, parts.count) {
            case ("run", 2): run = Int(parts[1]) ?? 0
            case ("pipeline", 2): pipeline = String(parts[1])
            case ("source", 3): readings.insert(Reading(source: try plain(parts[1]), path: try plain(parts[2])))
            case ("units", 3): segments.append(Segment(run: Int(parts[1]) ?? 0, count: Int(parts[2]) ?? 0))
            case ("sink", 3): sinks[try plain(parts[1])] = Hexadecimal.bytes(parts[2]).map { Checkpoint(token: $0) }
            case ("quarantine", 2): quarantine = Hexadecimal.bytes(parts[1]).map { Checkpoint(token: $0) }
            case ("stage", 3): stages[try plain(parts[1])] = Int(parts[2])
            case ("known", 4):
                let head = parts[2] == "-" ? [] : Hexadecimal.bytes(parts[2]) ?? []
                known[try plain(parts[1])] = Known(head: head, textBytes: Int(parts[3]) ?? 0)
            case ("prints", 4):
                let segment = Segment(run: Int(parts[2]) ?? 0, count: Int(parts[3]) ?? 0)
                known[try plain(parts[1])]?.segments.append(segment)
            default: throw SealedText.damaged
            }
        }
    }
}
