import MHPipeKit
import MHPipeRuntime

extension MetricsText {
    /// Adds what runs have done.
    mutating func add(_ totals: MetricTotals, plan report: RunReport?) {
        guard let report else { return }
        add("mhpipe_read_bytes_total", .counter, "Bytes read, as they are stored.", totals.bytesRead)
        add(
            "mhpipe_records_total",
            .counter,
            "Records found in files that are done, bad ones included.",
            report.eventsIn
        )
        add("mhpipe_text_bytes_total", .counter, "Bytes of text in files that are done.", report.bytesDecompressed)
        add(
            "mhpipe_files_total",
            .counter,
            "Files by what became of them.",
            [
                ("read", report.files - report.filesDamaged), ("damaged", report.filesDamaged),
                ("unreadable", report.unreadable), ("left_out", report.filesLeftOut), ("other", report.otherFiles),
                ("pruned", report.filesPruned),
            ].map { Sample(labels: [("outcome", $0)], value: Double($1)) }
        )
        add(
            "mhpipe_problems_total",
            .counter,
            "Problems in the input, by what is lost: a record, the rest of a file, or a path.",
            [
                ("record", report.eventsQuarantined + report.eventsRejected), ("file", report.filesDamaged),
                ("path", report.unreadable),
            ].map { Sample(labels: [("scope", $0)], value: Double($1)) }
        )
        add(
            "mhpipe_events_total",
            .counter,
            "Events that reached a stage, or were made by it, by what became of them.",
            report.stages.flatMap(Self.outcomes)
        )
        add(
            "mhpipe_events_made_total",
            .counter,
            "Events that a transform made.",
            report.stages.filter { $0.kind == "transform" }.map {
                Sample(labels: Self.labels($0), value: Double($0.eventsMade))
            }
        )
        add(
            "mhpipe_written_bytes_total",
            .counter,
            "Bytes that were made for a sink.",
            report.stages.filter { $0.kind == "sink" }.map {
                Sample(labels: [("sink", $0.name)], value: Double($0.bytesOut))
            }
        )
    }

    /// Adds how the run at work stands.
    mutating func add(_ live: LiveRun?) {
        guard let live else { return }
        add(
            "mhpipe_queue_bytes",
            .gauge,
            "Encoded bytes that wait for a sink.",
            live.queues.map { Sample(labels: [("sink", $0.name)], value: Double($0.bytes)) }
        )
        add("mhpipe_held_bytes", .gauge, "Encoded bytes that wait for files before them.", live.heldBytes)
        add("mhpipe_queue_limit_bytes", .gauge, "Bytes that may wait before workers do.", PipelineRun.budgetBytes)
        add("mhpipe_waiting_workers", .gauge, "Workers and stages that wait for sinks.", live.waiting)
        add("mhpipe_files_in_flight", .gauge, "Files that are being read.", live.unitsInFlight)
        add("mhpipe_failing_calls", .gauge, "Calls of plugins that failed and are tried again.", live.failingCalls)
    }

    /// Adds what the system says of the process, under the names that other programs use.
    mutating func add(_ process: ProcessFigures, started: Timestamp) {
        add("process_start_time_seconds", .gauge, "When the process began.", started.secondsSince1970)
        add("process_cpu_seconds_total", .counter, "Processor time that it took.", process.processorSeconds)
        if let bytes = process.residentBytes {
            add("process_resident_memory_bytes", .gauge, "Memory that it has.", bytes)
        }
    }

    private static func labels(_ stage: RunReport.Stage) -> [(name: String, value: String)] {
        [("stage", stage.name), ("kind", stage.kind), ("plugin", stage.plugin)]
    }

    private static func outcomes(_ stage: RunReport.Stage) -> [Sample] {
        var outcomes = [
            (stage.kind == "sink" ? "written" : "passed", stage.eventsOut), ("quarantined", stage.eventsQuarantined),
        ]
        if stage.kind != "sink" { outcomes.append(("filtered", stage.eventsFiltered)) }
        if stage.kind == "transform" {
            outcomes += [("duplicate", stage.eventsDuplicate), ("consumed", stage.eventsConsumed)]
        }
        return outcomes.map { Sample(labels: labels(stage) + [("outcome", $0)], value: Double($1)) }
    }
}
