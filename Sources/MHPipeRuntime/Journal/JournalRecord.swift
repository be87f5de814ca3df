import MHPipeIO
import MHPipeKit

/// How far a run has come, at the end of a unit: all that it says of is on the disk.
///
/// As a text it is a line for each thing, the first one the format's version, the last one a hash of the others:
///
/// ```
/// mhpipe-journal 2
/// run 8f0c...            what is run: a hash of the pipeline, and of what it is made of
/// number 31              of the run, where runs append
/// started 2026-05-...    when the run began, which one that goes on counts ages from
/// units 120              that all stages are done with; their records (`UnitRecord`) are in `units`
/// ended no               `yes` when nothing is left but to put outputs in their places
/// counts 12 0 3 ...
/// sink 0 32303438...     a checkpoint, in hexadecimal digits
/// quarantine 3020...
/// manifest 5120          the bytes of `inputs` that count
/// table names 9f86...    what transform `names` reads beside events has this hash
/// stage 1 7              the state of ordered stage 1 is in `stage-1.7`
/// end 5d41...
/// ```
struct JournalRecord: Equatable {
    var run = ""
    /// The number of the run among those that append; 0 where none does.
    var number = 0
    /// When the run began, as RFC 3339 writes it; empty where that was not kept.
    var started = ""
    var units = 0
    var hasEnded = false
    var counts: [Int] = []
    var sinks: [Int: Checkpoint] = [:]
    var quarantine: Checkpoint?
    /// Where the lines of the manifest end in `inputs`; nil for a run without one.
    var manifest: Int?
    /// What transforms read beside events: hashes by their names.
    var tables: [String: String] = [:]
    /// For each ordered stage, the number of the file that holds its state.
    var stages: [Int: Int] = [:]

    private static let title = "mhpipe-journal 2"

    init() {}

    func text() throws -> String {
        var lines = ["run \(run)"] + (number > 0 ? ["number \(number)"] : [])
        if !started.isEmpty { lines.append("started \(started)") }
        lines += ["units \(units)", "ended \(hasEnded ? "yes" : "no")"]
        lines.append("counts " + counts.map(String.init).joined(separator: " "))
        for (number, checkpoint) in sinks.sorted(by: { $0.key < $1.key }) {
            lines.append("sink \(number) \(Hexadecimal.text(checkpoint.token))")
        }
        if let quarantine { lines.append("quarantine \(Hexadecimal.text(quarantine.token))") }
        if let manifest { lines.append("manifest \(manifest)") }
        for (name, hash) in tables.sorted(by: { $0.key < $1.key }) { lines.append("table \(name) \(hash)") }
        for (number, file) in stages.sorted(by: { $0.key < $1.key }) { lines.append("stage \(number) \(file)") }
        return try SealedText.make(Self.title, lines)
    }

    /// Reads a record.
    ///
    /// - Throws: `StageError` when it is none, or a damaged one.
    init(_ text: String) throws {
        for line in try SealedText.lines(text, Self.title) {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            switch (parts.first, parts.count) {
            case ("run", 2): run = String(parts[1])
            case ("number", 2): number = Int(parts[1]) ?? 0
            case ("started", 2): started = String(parts[1])
            case ("units", 2): units = Int(parts[1]) ?? 0
            case ("ended", 2): hasEnded = parts[1] == "yes"
            case ("counts", _): counts = parts.dropFirst().compactMap { Int($0) }
            case ("sink", 3): sinks[Int(parts[1]) ?? -1] = Hexadecimal.bytes(parts[2]).map { Checkpoint(token: $0) }
            case ("quarantine", 2): quarantine = Hexadecimal.bytes(parts[1]).map { Checkpoint(token: $0) }
            case ("manifest", 2): manifest = Int(parts[1])
            case ("table", 3): tables[String(parts[1])] = String(parts[2])
            case ("stage", 3): stages[Int(parts[1]) ?? -1] = Int(parts[2])
            default: throw SealedText.damaged
            }
        }
        // Lines that are missing, doubled or no numbers.
        guard try self.text() == text else { throw SealedText.damaged }
    }
}
