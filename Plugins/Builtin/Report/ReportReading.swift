import MHPipeKit
import MHPipeReport

/// What a run has read, as far as a report tells of it.
struct ReportReading {
    private struct File {
        let name: String
        let ending: UnitOutcome.Ending
        let quarantined: Int
    }

    /// False for a database, which says nothing of the files behind it unless runs append to it.
    var isKnown = true
    private(set) var files = 0
    private(set) var damaged = 0
    private(set) var unreadable = 0
    private var records = 0
    private var quarantined = 0
    private var problems: [File] = []
    private var problemCount = 0

    mutating func add(_ outcome: UnitOutcome) {
        files += 1
        records += outcome.events
        quarantined += outcome.quarantined
        if outcome.ending == .damaged { damaged += 1 }
        if outcome.ending == .unreadable { unreadable += 1 }
        guard outcome.ending != .read || outcome.quarantined > 0 else { return }
        problemCount += 1
        guard problems.count < CoverageFacts.mostFiles else { return }
        let bytes = outcome.id.name
        let name = String(decoding: bytes.prefix(200), as: UTF8.self) + (bytes.count > 200 ? "…" : "")
        problems.append(File(name: name, ending: outcome.ending, quarantined: outcome.quarantined))
    }

    /// Takes what the run has counted, which knows of what sinks are not told of.
    mutating func take(_ totals: RunTotals) {
        (files, damaged, unreadable) = (totals.units, totals.damagedUnits, totals.unreadable)
        (records, quarantined) = (totals.events, totals.quarantined)
    }

    /// What was read, in a sentence.
    var words: String {
        guard isKnown else {
            return
                "The events came out of a database, which does not say how many files were read or damaged; the manifest of the run that made it does."
        }
        return
            "\(Wording.count(files, "file")) read, \(Wording.grouped(damaged)) of them damaged; \(Wording.grouped(unreadable)) could not be opened; \(Wording.count(records, "record")) found, \(Wording.grouped(quarantined)) of them not readable."
    }

    /// The files that were not read as they should be.
    var table: FactTable {
        FactTable(
            id: "files",
            caption: "Files with damage, in the order of the input",
            columns: ["File", "What became of it", FactTable.Column("Bad records", .number)],
            rows: problems.map { file in
                let state: (ReportFacts.Tone, String) =
                    switch file.ending {
                    case .read: (.warning, "read, but not all of its records")
                    case .damaged: (.bad, "damaged: read in part")
                    case .unreadable: (.bad, "could not be opened")
                    case .cut: (.quiet, "ended by the run")
                    }
                return [.text(file.name), .state(state.0, state.1), .number(file.quarantined)]
            },
            total: problemCount,
            empty: isKnown ? "No file was damaged." : "Not known of a database."
        )
    }
}
