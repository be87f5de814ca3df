import MHPipeKit
import MHPipePlan
import MHPipeRuntime

/// What a person reads at the end of a run.
struct RunSummary {
    let report: RunReport
    /// Where each sink writes, by the sink's name.
    let destinations: [String: String]
    /// Where bad records are kept; nil for nowhere.
    let quarantine: String?

    /// The files that there were to read; nil where the run ended before that was known.
    let filesTotal: Int?

    init(_ report: RunReport, of plan: PipelinePlan, filesTotal: Int?) {
        self.report = report
        self.filesTotal = filesTotal
        var destinations: [String: String] = [:]
        for sink in plan.sinks {
            for use in sink.pathUses {
                switch use {
                case .output, .outputTree, .outputFiles: destinations[sink.name] = use.path
                case .inputFile, .inputTree, .program: break
                }
            }
        }
        self.destinations = destinations
        quarantine = plan.settings.quarantine
    }

    /// The headline, then a number and its meaning a line, the numbers flush right.
    var text: String {
        let rows = reading + selecting + filtering + writing + problems
        let width = rows.map { Readable.count($0.number).count }.max() ?? 0
        let lines = rows.map { row in
            let number = Readable.count(row.number)
            return "  " + String(repeating: " ", count: width - number.count) + number + "  " + row.meaning.visible
        }
        return ([headline] + lines).joined(separator: "\n")
    }

    private typealias Row = (number: Int, meaning: String)

    private var headline: String {
        let ending =
            switch report.outcome {
            case .completed: "done in"
            case .interrupted, .aborted: "interrupted after"
            case .nothingToRead, .nothingNew, .closedPipe, .skipped: "ended after"
            }
        return "mhpipe: \(report.pipeline.visible): \(ending) \(Readable.duration(report.seconds))"
    }

    private var reading: [Row] {
        var bytes = Readable.bytes(report.bytesRead)
        if report.bytesDecompressed != report.bytesRead {
            bytes += ", \(Readable.bytes(report.bytesDecompressed)) decompressed"
        }
        let isCut = report.outcome == .interrupted || report.outcome == .aborted
        let total = filesTotal.map { Readable.count($0, "file") } ?? "an unknown number of files"
        let files = isCut ? "of \(total) read" : "\(report.files == 1 ? "file" : "files") read"
        var rows: [Row] = [(report.files, "\(files), \(bytes)")]
        if report.filesBefore > 0 { rows.append((report.filesBefore, "of them by the run that this one went on with")) }
        if report.filesReread > 0 {
            rows.append((report.filesReread, "of them changed since an earlier run, and read again"))
        }
        if report.filesRepeated > 0 { rows.append((report.filesRepeated, "of them files that were read before")) }
        let notRead: [Row] = [
            (report.filesLeftOut, "left out by 'include' and 'exclude'"),
            (report.otherFiles, "other files, not named like logs, not read"),
            (report.filesCommitted, "committed by earlier runs, not read again"),
            (report.filesChanged, "CHANGED since an earlier run read them, not read again"),
            (report.filesPruned, "never opened: by their keys, nothing in them is selected"),
        ]
        rows += notRead.filter { $0.number > 0 }
        if notRead.contains(where: { $0.number > 0 }) { rows.append((report.filesSeen, "files seen in all")) }
        if report.foldersPruned > 0 {
            rows.append((report.foldersPruned, "folders never opened: by their keys, nothing in them is selected"))
        }
        if report.housekeeping > 0 {
            rows.append((report.housekeeping, "not events: digests, control and test messages of AWS"))
        }
        rows.append((report.eventsIn, "events in" + rate))
        return rows
    }

    private var selecting: [Row] {
        let rows: [Row] = [
            (report.eventsNotSelected, "not selected by account, region or time"),
            (report.eventsWithoutField, "without a field to select by, which stay in"),
        ]
        return rows.filter { $0.number > 0 }
    }

    private var rate: String {
        guard report.seconds > 0 else { return "" }
        return ", \(Readable.count(Int((Double(report.eventsIn) / report.seconds).rounded()))) a second"
    }

    private var filtering: [Row] {
        let rows: [Row] = report.stages.filter { $0.kind == "transform" }.flatMap { stage in
            [
                (stage.eventsFiltered, "filtered by \(stage.name)"),
                (stage.eventsDuplicate, "duplicates, dropped by \(stage.name)"),
                (stage.eventsConsumed, "taken up by \(stage.name)"), (stage.eventsMade, "made by \(stage.name)"),
            ]
        }
        return rows.filter { $0.number > 0 } + [(report.eventsKept, "kept")]
    }

    private var writing: [Row] {
        guard report.outcome != .nothingNew else { return [] }
        return report.stages.filter { $0.kind == "sink" }.map { stage in
            let destination = destinations[stage.name].map { $0 == "-" ? "standard output" : $0 }
            let place = destination ?? stage.name
            if stage.endedEarly { return (stage.eventsOut, "made for \(place), whose reader went away") }
            return (stage.eventsOut, "\(report.outcome.isCommitted ? "written to" : "made for") \(place)")
        }
    }

    private var problems: [Row] {
        let place = quarantine.map { ", kept in \($0)" } ?? ", only counted here; --quarantine FILE keeps them"
        let quarantined = (quarantine == nil ? "LEFT OUT" : "QUARANTINED") + ": records that could not be read\(place)"
        let rows: [Row] = [
            (report.eventsQuarantined, quarantined),
            (
                report.quarantineLeftOut,
                "NOT KEPT: of what could not be read, as the quarantine was full (quarantine_limit)"
            ),
            (report.eventsRejected, "REJECTED: events that one output lacks, although another has them\(place)"),
            (report.filesDamaged, "DAMAGED: files that could not be read to their end"),
            (report.unreadable, "UNREADABLE: paths that could not be opened"),
        ]
        return rows.filter { $0.number > 0 }
    }
}
