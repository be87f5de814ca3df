/// What a run did, to the last record.
///
/// For every run `eventsIn == eventsKept + eventsFiltered + eventsQuarantined`.
public struct RunReport: Sendable, Codable {
    /// How the run ended.
    public enum Outcome: String, Sendable, Codable {
        /// Every input was read.
        case completed
        /// It was cancelled: what had been read by then is written and committed.
        case interrupted
        /// It was cancelled: nothing is committed, and every output is as it was before.
        case aborted
        /// No source gave a file: nothing is written, and every output is as it was before.
        case nothingToRead
        /// The readers of all sinks went away: nothing is committed.
        case closedPipe

        /// True when outputs were put in their places.
        public var isCommitted: Bool { self == .completed || self == .interrupted }
    }

    /// What one stage did.
    public struct Stage: Sendable, Codable {
        /// The stage's name.
        public var name: String
        /// The plugin's name.
        public var plugin: String
        /// `source`, `transform` or `sink`.
        public var kind: String
        /// The events that reached it; for a source those it delivered.
        public var eventsIn: Int
        /// The events that it passed on, or wrote.
        public var eventsOut: Int
        /// The bytes its encoders made; 0 but for sinks.
        public var bytesOut: Int
        /// True for a sink whose reader went away before the end; `eventsOut` is what was made for it by then.
        public var endedEarly = false
    }

    /// The pipeline's name.
    public var pipeline: String
    /// How the run ended.
    public var outcome = Outcome.completed
    /// The units of work that were read, whole or in part.
    public var files = 0
    /// The files that were damaged, could not be opened, or held nothing that is CloudTrail.
    public var filesDamaged = 0
    /// What AWS writes for itself and holds no events: digests, control messages, test messages.
    public var housekeeping = 0
    /// What could not be read, found by sources before any file was opened.
    public var unreadable = 0
    /// The bytes read, as stored.
    public var bytesRead = 0
    /// The bytes of text they held.
    public var bytesDecompressed = 0
    /// The records found, bad ones included.
    public var eventsIn = 0
    /// The events that reached at least one sink.
    public var eventsKept = 0
    /// The events that transforms dropped from every way to a sink.
    public var eventsFiltered = 0
    /// The records that could not be read.
    public var eventsQuarantined = 0
    /// The events that one stage could not take, although they reached a sink by another way; they are among those kept.
    public var eventsRejected = 0
    /// The time from start to commit, in seconds.
    public var seconds = 0.0
    /// The stages: sources, transforms, sinks, each in the order of the plan.
    public var stages: [Stage] = []

    /// True when some input was quarantined, rejected, damaged or could not be read.
    public var hasProblems: Bool {
        eventsQuarantined > 0 || eventsRejected > 0 || filesDamaged > 0 || unreadable > 0
    }
}
