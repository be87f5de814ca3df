public import MHPipeKit

/// How a run goes about its work, apart from the stages.
public struct RunSettings: Sendable {
    /// What to do with input that cannot be read.
    public enum ErrorPolicy: String, OptionChoice {
        /// Report it, count it, go on.
        case `continue`
        /// Stop at the first.
        case fail
    }

    /// What to do with the records before the damage in a damaged file.
    public enum DamagePolicy: String, OptionChoice {
        /// Let them through.
        case keep
        /// Leave the whole file out.
        case drop
    }

    /// What becomes of the outputs when a run is interrupted.
    public enum InterruptPolicy: String, OptionChoice {
        /// They stay as they were before the run.
        case abort
        /// They get what was read by then: a whole number of files, and of a stream what has come.
        case commit
    }

    /// What to do when no source gives a file.
    public enum EmptyPolicy: String, OptionChoice {
        /// Leave the outputs as they are, and say so.
        case warn
        /// Write outputs without events.
        case ignore
        case fail
    }

    /// The number of workers; nil for one a core.
    public var workers: Int?
    /// Where bad records are kept as JSON lines; nil for nowhere.
    public var quarantine: String?
    /// How large that may become, in bytes; nil for as large as it gets.
    public var quarantineLimit: Int?
    /// True when a quarantine that has reached its limit ends the run, and is not only said to have.
    public var failsAtQuarantineLimit = false
    /// Where the manifest of the run is written; nil for nowhere.
    public var manifest: String?
    /// What to do with input that cannot be read.
    public var onError = ErrorPolicy.continue
    /// What to do with the records before the damage in a damaged file.
    public var onDamage = DamagePolicy.keep
    /// What becomes of the outputs when the run is interrupted.
    public var onInterrupt = InterruptPolicy.abort
    /// What to do when no source gives a file.
    public var onEmpty = EmptyPolicy.warn
    /// True when sources open also what by its key holds nothing that they select, so that someone can see what is there.
    package var opensAll = false
    /// True when a run without input fails also with `warn`, since an output that stays would pass for its own.
    package var failsWithoutInput = false
    /// True when a run without input fails.
    package var failsOnEmpty: Bool { onEmpty == .fail || (onEmpty == .warn && failsWithoutInput) }
    /// The largest record that is read, in bytes; a larger one is quarantined.
    public var maxRecordBytes = 64 << 20
    /// True when an output that is there ends the run, and is not replaced; of files, who makes the run looks itself.
    package var keepsExisting = false
    /// How the run keeps its state; nil when it keeps none.
    public var state: StateSettings?
    /// When a round of a watch ends.
    package var roundLimits = WatchRounds.Limits()
    /// The watch that a run is a round of; nil for any other run.
    package var rounds: WatchRounds?
    /// Where metrics are served while the run is at work; nil for nowhere.
    package var metrics: ListenAddress?
    /// The file that metrics are written to; nil for none.
    public var metricsFile: String?
    /// The most that one file may hold once it is decompressed, in bytes.
    public var maxFileBytes = 4 << 30

    /// Makes the settings of a run that says nothing about them.
    public init() {}
}
