import MHPipeIO
import MHPipeKit
import MHPipePlan

/// How far a run has come, at the end of a unit: all that it says of is on the disk.
///
/// As a text it is a line for each thing, the first one the format's version, the last one a hash of the others:
///
/// ```
/// mhpipe-journal 1
/// run 8f0c...            what is run: a hash of the pipeline, and of what it is made of
/// units 120              that all stages are done with; their fingerprints are in `units`
/// ended no               `yes` when nothing is left but to put outputs in their places
/// counts 12 0 3 ...
/// sink 0 32303438...     a checkpoint, in hexadecimal digits
/// quarantine 3020...
/// manifest 5120          the bytes of `inputs` that count
/// stage 1 7              the state of ordered stage 1 is in `stage-1.7`
/// end 5d41...
/// ```
struct JournalRecord: Equatable {
    var run = ""
    var units = 0
    var hasEnded = false
    var counts: [Int] = []
    var sinks: [Int: Checkpoint] = [:]
    var quarantine: Checkpoint?
    /// Where the lines of the manifest end in `inputs`; nil for a run without one.
    var manifest: Int?
    /// For each ordered stage, the number of the file that holds its state.
    var stages: [Int: Int] = [:]

    private static let title = "mhpipe-journal 1"

    init() {}

    /// The record as a text.
    func text() throws -> String {
        var lines = [Self.title, "run \(run)", "units \(units)", "ended \(hasEnded ? "yes" : "no")"]
        lines.append("counts " + counts.map(String.init).joined(separator: " "))
        for (number, checkpoint) in sinks.sorted(by: { $0.key < $1.key }) {
            lines.append("sink \(number) \(Hexadecimal.text(checkpoint.token))")
        }
        if let quarantine { lines.append("quarantine \(Hexadecimal.text(quarantine.token))") }
        if let manifest { lines.append("manifest \(manifest)") }
        for (number, file) in stages.sorted(by: { $0.key < $1.key }) { lines.append("stage \(number) \(file)") }
        let text = lines.map { $0 + "\n" }.joined()
        return text + "end \(try Self.hash(text))\n"
    }

    /// Reads a record.
    ///
    /// - Throws: `StageError` when it is none, or a damaged one.
    init(_ text: String) throws {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first?.hasPrefix("mhpipe-journal ") == true else { throw StageError("it is no record of a run") }
        guard lines[0] == Self.title else { throw StageError("another version of mhpipe wrote it ('\(lines[0])')") }
        let damaged = StageError("it is damaged")
        guard lines.popLast() == "", let end = lines.popLast(), end.hasPrefix("end ") else { throw damaged }
        let body = lines.map { $0 + "\n" }.joined()
        guard end.dropFirst(4) == (try Self.hash(body))[...] else { throw damaged }
        for line in lines.dropFirst() {
            let parts = line.split(separator: " ")
            switch (parts.first, parts.count) {
            case ("run", 2): run = String(parts[1])
            case ("units", 2): units = Int(parts[1]) ?? 0
            case ("ended", 2): hasEnded = parts[1] == "yes"
            case ("counts", _): counts = parts.dropFirst().compactMap { Int($0) }
            case ("sink", 3): sinks[Int(parts[1]) ?? -1] = Hexadecimal.bytes(parts[2]).map { Checkpoint(token: $0) }
            case ("quarantine", 2): quarantine = Hexadecimal.bytes(parts[1]).map { Checkpoint(token: $0) }
            case ("manifest", 2): manifest = Int(parts[1])
            case ("stage", 3): stages[Int(parts[1]) ?? -1] = Int(parts[2])
            default: throw damaged
            }
        }
    }

    private static func hash(_ text: String) throws -> String {
        let hash = try SHA256()
        hash.update(Array(text.utf8))
        return Hexadecimal.text(hash.finish())
    }
}
