import MHPipeKit
import MHPipePlan
import PipelineConfig
import PipelineConfig

/// The options of the commands that run a pipeline.
struct RunOptions: Sendable {
    /// Whether and how progress is shown.
    enum ProgressStyle: String, OptionChoice {
        /// As a line, when standard error is a terminal and nothing else is drawn there.
        case auto
        /// As a line, wherever standard error goes.
        case always
        case never
        /// As a line of JSON on standard error every second.
        case json
    }

    var workers: WorkerCount?
    var quarantine: OutputPath?
    var manifest: OutputPath?
    var onError: RunSettings.ErrorPolicy?
    var onInterrupt: RunSettings.InterruptPolicy?
    var onEmpty: RunSettings.EmptyPolicy?
    var summary: OutputPath?
    var metrics: ListenAddress?
    var metricsFile: OutputPath?
    var progress = ProgressStyle.auto
    var isQuiet = false
    /// For `run` alone.
    var task = TaskOptions()

    static let parameters: [Parameter<RunOptions>] = [
        .option("workers", "N", \.workers, "How many workers read side by side; left out, one a core."),
        .option(
            "quarantine",
            "PATH",
            \.quarantine,
            "Keeps the records that cannot be read in this file, as JSON lines with the reason."
        ),
        .option(
            "manifest",
            "FILE",
            \.manifest,
            "Puts down in this file what was read and what was written, with the SHA-256 of both."
        ),
        .option(
            "on-error",
            "POLICY",
            \.onError,
            "What to do about input that cannot be read: 'continue' reports it and goes on, 'fail' stops at the first."
        ),
        .option(
            "on-interrupt",
            "POLICY",
            \.onInterrupt,
            "What becomes of the outputs of a run that is interrupted: 'abort' leaves them as they were, 'commit' writes what was read."
        ),
        .option(
            "on-empty",
            "POLICY",
            \.onEmpty,
            "What to do when no source gives a file: 'warn' leaves the outputs as they are, 'ignore' writes empty ones, 'fail' fails."
        ),
        .option("summary", "FILE", \.summary, "Writes the summary to this file as JSON; '-' is standard output."),
        .option(
            "metrics",
            "ADDRESS",
            \.metrics,
            "Serves metrics for Prometheus, and /health, while the run is at work: 127.0.0.1:9464, or a port of this machine alone."
        ),
        .option(
            "metrics-file",
            "FILE",
            \.metricsFile,
            "Writes metrics to this file when the run begins and ends, for node_exporter; its name ends in .prom."
        ),
        .option(
            "progress",
            "WHEN",
            \.progress,
            "Shows progress on standard error: 'auto' on a terminal, 'always', 'never', or 'json' for a line of JSON a second."
        ),
        .flag("quiet", short: "q", \.isQuiet, "Shows neither progress nor the summary; problems are still told."),
    ]

    /// The settings that take the place of the pipeline's own.
    var settings: [ConfigEntry] {
        let texts = [
            ("workers", workers?.optionText), ("quarantine", quarantine?.path), ("manifest", manifest?.path),
            ("on_error", onError?.rawValue),
            ("on_interrupt", onInterrupt?.rawValue), ("on_empty", onEmpty?.rawValue),
            ("metrics", metrics?.optionText), ("metrics_file", metricsFile?.path),
        ]
        return texts.compactMap { key, text in text.map { ConfigEntry(key: key, value: ConfigNode(.text($0))) } }
    }

    /// What the command writes itself.
    var commandFiles: [CommandFile] {
        summary.map { [CommandFile(writing: $0.path, for: "'--summary'")] } ?? []
    }
}
