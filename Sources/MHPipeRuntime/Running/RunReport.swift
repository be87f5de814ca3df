import MHPipePlan

/// What a run did, to the last record.
///
/// For every run `eventsIn + eventsMade == eventsKept + eventsFiltered + eventsQuarantined` and
/// `filesSeen == files + filesLeftOut + otherFiles + filesPruned + unreadable + filesNotReached + filesCommitted +
/// filesChanged`; for every source and transform
/// `eventsIn + eventsMade == eventsOut + eventsFiltered + eventsDuplicate + eventsConsumed + eventsQuarantined`.
public struct RunReport: Sendable, Codable {
    /// How the run ended.
    public enum Outcome: String, Sendable, Codable {
        /// Every input was read.
        case completed
        /// It was cancelled: what had been read by then is written and committed.
        case interrupted
        /// It was cancelled: nothing is committed, and every output is as it was before.
        case aborted
        /// No source gave a file that can be opened: nothing is written, and every output is as it was before.
        case nothingToRead
        /// Earlier runs with the same state have committed all that there is: nothing is written.
        case nothingNew
        /// The readers of all sinks went away: nothing is committed.
        case closedPipe
        /// Every output was there already, as was asked for: nothing is read or written.
        case skipped

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
        /// The events that reached it; for a source those found in its files.
        public var eventsIn: Int
        /// The events that it passed on, or wrote.
        public var eventsOut: Int
        /// The events that it made; they are not among those that reached it.
        public var eventsMade = 0
        /// The events that it dropped because they were not asked for.
        public var eventsFiltered = 0
        /// For a source, the events that lack a field by which it selects, and so went on.
        public var eventsWithoutField = 0
        /// The events that it dropped because another copy went on.
        public var eventsDuplicate = 0
        /// The events whose content went into something else.
        public var eventsConsumed = 0
        /// The events that it could not work on.
        public var eventsQuarantined = 0
        /// The bytes its encoders made; 0 but for sinks.
        public var bytesOut: Int
        /// True for a sink whose reader went away before the end; `eventsOut` is what was made for it by then.
        public var endedEarly = false
        /// What it reads or writes, as its options say it.
        public var paths: [String] = []
    }

    /// A file of which something could not be read.
    public struct ProblemFile: Sendable, Codable {
        /// The file, as its source names it.
        public var file: String
        /// The most that is lost by a problem in it: `record`, `file` or `path`.
        public var scope: String
        /// How many problems there are in it.
        public var problems: Int
        /// What the first of them is.
        public var reason: String
    }

    /// What a stage wants the user to know.
    public struct Warning: Sendable, Codable, Hashable {
        /// The stage's name.
        public var stage: String
        /// What is to be said.
        public var message: String
    }

    /// The pipeline's name.
    public var pipeline: String
    /// How the run ended.
    public var outcome = Outcome.completed
    /// When the run began, in UTC, as RFC 3339 writes it.
    public var started = ""
    /// When it had committed everything, likewise.
    public var ended = ""
    /// Everything that the sources came by: files, and folders that could not be listed.
    public var filesSeen = 0
    /// The units of work that were read, whole or in part.
    public var files = 0
    /// The files that patterns of the pipeline leave out.
    public var filesLeftOut = 0
    /// The other files that were not read, since they are not named like logs.
    public var otherFiles = 0
    /// The files that were never opened: by their keys they hold nothing of what is asked for.
    public var filesPruned = 0
    /// The folders that were never listed, likewise; they are not among the files seen, nor is what is in them.
    public var foldersPruned = 0
    /// The files that there was no time for when the run ended early.
    public var filesNotReached = 0
    /// The files that were read although they had been read before, by another path.
    public var filesRepeated = 0
    /// Of all counts, what an earlier run was done with that this one went on with: its files, read or not.
    public var filesBefore = 0
    /// True when a run before could not read everything, whose commit this one has done first: no exit code has said so.
    public var problemsBefore = false
    /// The files that earlier runs with the same state have committed, and that were not read again.
    public var filesCommitted = 0
    /// The files that have changed since an earlier run committed them, and that were not read again.
    public var filesChanged = 0
    /// The files that have changed since, and that were read again.
    public var filesReread = 0
    /// The files that were damaged, or held nothing that is CloudTrail.
    public var filesDamaged = 0
    /// What AWS writes for itself and holds no events: digests, control messages, test messages.
    public var housekeeping = 0
    /// What could not be opened.
    public var unreadable = 0
    /// The bytes read, as stored.
    public var bytesRead = 0
    /// The bytes of text they held.
    public var bytesDecompressed = 0
    /// The records found, bad ones included.
    public var eventsIn = 0
    /// The events that transforms made.
    public var eventsMade = 0
    /// The events that reached at least one sink.
    public var eventsKept = 0
    /// The events that sources did not select, or that transforms dropped from every way to a sink.
    public var eventsFiltered = 0
    /// Those of them that sources did not select.
    public var eventsNotSelected = 0
    /// The events that sources selected because they lack a field that would have told.
    public var eventsWithoutField = 0
    /// The records that could not be read.
    public var eventsQuarantined = 0
    /// The events that one stage could not take, although they reached a sink by another way; they are among those kept.
    public var eventsRejected = 0
    /// The problems that the quarantine had no room for; they are counted like the others.
    public var quarantineLeftOut = 0
    /// The time from start to commit, in seconds.
    public var seconds = 0.0
    /// The stages: sources, transforms, sinks, each in the order of the plan.
    public var stages: [Stage] = []
    /// The first thousand files with problems, in the order of the input.
    public var problemFiles: [ProblemFile] = []
    /// The files with problems behind those.
    public var moreProblemFiles = 0
    /// What stages have warned of, the first thousand of it.
    public var warnings: [Warning] = []

    /// True when it is known of every file what became of it.
    var accountsForFiles: Bool {
        filesSeen
            == files + filesLeftOut + otherFiles + filesPruned + unreadable + filesNotReached + filesCommitted
            + filesChanged
            && (outcome != .completed || filesNotReached == 0)
    }

    /// True when some input was quarantined, rejected, damaged or could not be read.
    public var hasProblems: Bool {
        problemsBefore || eventsQuarantined > 0 || eventsRejected > 0 || filesDamaged > 0 || unreadable > 0
    }
}
