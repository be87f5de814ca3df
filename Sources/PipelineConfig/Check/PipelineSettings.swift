package import MHPipeKit
import MHPipePlan

/// The top-level keys of a pipeline file that are no stages.
struct PipelineSettings: PluginOptions {
    var pipeline = ""
    var plugins: [InputPath] = []
    var workers: WorkerCount?
    var quarantine: OutputPath?
    var quarantineLimit: SizeLimit?
    var onQuarantineLimit = RunSettings.ErrorPolicy.continue
    var manifest: OutputPath?
    var onError = RunSettings().onError
    var onDamage = RunSettings().onDamage
    var onInterrupt = RunSettings().onInterrupt
    var onEmpty = RunSettings().onEmpty
    var state: OutputTree?
    var checkpointEvery: Age?
    var commitEvery: Age?
    var commitEvents: EventCount?
    var metrics: ListenAddress?
    var metricsFile: OutputPath?
    var mode = RunMode.replace
    var changed = StateSettings.ChangePolicy.report
    var maxRecordBytes = SizeLimit(bytes: RunSettings().maxRecordBytes)
    var maxFileBytes = SizeLimit(bytes: RunSettings().maxFileBytes)

    static let all: [Option<PipelineSettings>] = [
        .optional("pipeline", \.pipeline, "The pipeline's name, for the summary.", example: "migration-hub-audit"),
        .optional("plugins", \.plugins, "The libraries with further plugins.", example: "[./libTagTeam.so]"),
        .optional("workers", \.workers, "The number of workers; one a core when left out.", example: "4"),
        .optional("quarantine", \.quarantine, "Where bad records are kept as JSON lines.", example: "bad.jsonl"),
        .optional("quarantine_limit", \.quarantineLimit, "How large the quarantine may become.", example: "1GB"),
        .optional(
            "on_quarantine_limit",
            \.onQuarantineLimit,
            "Whether a quarantine that is full ends the run; else the rest is counted.",
            example: "fail"
        ),
        .optional(
            "manifest",
            \.manifest,
            "Where it is put down what was read and what was written, with the hashes of both.",
            example: "manifest.jsonl"
        ),
        .optional("on_error", \.onError, "Whether input that cannot be read ends the run.", example: "fail"),
        .optional("on_damage", \.onDamage, "What happens to the records before a damage.", example: "drop"),
        .optional(
            "on_interrupt",
            \.onInterrupt,
            "What becomes of the outputs of a run that is interrupted.",
            example: "commit"
        ),
        .optional("on_empty", \.onEmpty, "What to do when no source gives a file.", example: "fail"),
        .optional(
            "state",
            \.state,
            "The folder where the run keeps how far it has come, so that it can go on after it was stopped.",
            example: ".state"
        ),
        .optional(
            "checkpoint_every",
            \.checkpointEvery,
            "How often that is written down; 5s when left out.",
            example: "1m"
        ),
        .optional(
            "commit_every",
            \.commitEvery,
            "Where a source watches a folder, how long after the first file of a round its events are put in their places; 10s when left out.",
            example: "1m"
        ),
        .optional(
            "commit_events",
            \.commitEvents,
            "After how many events they are, if that is earlier.",
            example: "100000"
        ),
        .optional(
            "metrics",
            \.metrics,
            "Where metrics are served for Prometheus while the run is at work.",
            example: "127.0.0.1:9464"
        ),
        .optional(
            "metrics_file",
            \.metricsFile,
            "The file that metrics are written to, for node_exporter.",
            example: "/var/lib/node_exporter/mhpipe.prom"
        ),
        .optional(
            "mode",
            \.mode,
            "With a state, 'append' takes only files that no earlier run has committed, and adds to the outputs.",
            example: "append"
        ),
        .optional(
            "changed",
            \.changed,
            "With 'mode: append', what to do about a file that has changed since it was read: 'report' it, or 'reread' it into sqlite.",
            example: "reread"
        ),
        .optional("max_record_bytes", \.maxRecordBytes, "The largest record that is read.", example: "16MiB"),
        .optional("max_file_bytes", \.maxFileBytes, "The most a file may hold once decompressed.", example: "16GiB"),
    ]

    var runSettings: RunSettings {
        var settings = RunSettings()
        settings.workers = workers?.count
        settings.quarantine = quarantine?.path
        settings.quarantineLimit = quarantineLimit?.bytes
        settings.failsAtQuarantineLimit = onQuarantineLimit == .fail
        settings.manifest = manifest?.path
        settings.onError = onError
        settings.onDamage = onDamage
        settings.onInterrupt = onInterrupt
        settings.onEmpty = onEmpty
        settings.state = state.map { folder in
            var state = StateSettings(folder: folder.path, identity: "")
            if let interval = checkpointEvery?.duration { state.interval = interval }
            (state.appends, state.changed) = (mode == .append, changed)
            return state
        }
        if let commitEvery { settings.roundLimits.time = commitEvery.duration }
        settings.roundLimits.events = commitEvents?.count
        settings.metrics = metrics
        settings.metricsFile = metricsFile?.path
        settings.maxRecordBytes = maxRecordBytes.bytes
        settings.maxFileBytes = maxFileBytes.bytes
        return settings
    }
}

/// What becomes of what earlier runs have written.
package enum RunMode: String, OptionChoice {
    /// The outputs of a run take its place.
    case replace
    /// Runs add to it.
    case append
}

/// A number of workers.
package struct WorkerCount: OptionValue {
    package var count: Int

    private static let range = 1...1024

    package static var typeName: String { "a whole number from 1 to \(range.upperBound)" }

    package init(config node: ConfigNode) throws(OptionError) {
        guard let count = node.text.flatMap({ Int($0) }), Self.range.contains(count) else {
            throw OptionError("needs \(Self.typeName), not \(node.shown)")
        }
        self.count = count
    }

    package var optionText: String { String(count) }
}

/// A number of events, of at least one.
struct EventCount: OptionValue {
    let count: Int

    static var typeName: String { "a whole number of 1 or more" }

    init(config node: ConfigNode) throws(OptionError) {
        guard let count = node.text.flatMap({ Int($0) }), count > 0 else {
            throw OptionError("needs \(Self.typeName), not \(node.shown)")
        }
        self.count = count
    }

    var optionText: String { String(count) }
}

/// A size of at least one byte.
struct SizeLimit: OptionValue {
    var bytes: Int

    init(bytes: Int) {
        self.bytes = bytes
    }

    /// Records of CloudTrail have at least so many bytes, but for a few.
    static let usualRecord = 512

    static var typeName: String { ByteSize.typeName }

    init(config node: ConfigNode) throws(OptionError) {
        bytes = try ByteSize(config: node).bytes
        guard bytes > 0 else { throw OptionError("needs at least 1 byte, not \(node.shown)") }
    }

    var optionText: String { ByteSize(bytes: bytes).optionText }
}
