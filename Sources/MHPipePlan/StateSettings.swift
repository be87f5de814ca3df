public import MHPipeKit

/// How a run keeps its state, so that a later one can go on where it was stopped.
public struct StateSettings: Sendable, Hashable {
    /// What to do about a unit whose content has changed since an earlier run committed it.
    public enum ChangePolicy: String, OptionChoice {
        /// Say so, and leave it as it was read then.
        case report
        /// Read it again; its events take the place of the earlier ones.
        case reread
    }

    /// The file in the folder that says how far a run has come.
    package static let checkpointName = "checkpoint"
    /// The file in the folder that says what runs have committed, with `mode: append`.
    package static let committedName = "committed"

    /// The folder; it is made when it is not there.
    public var folder: String
    /// A hash of what is run, in hexadecimal digits: another one is another run.
    public var identity: String
    /// True to forget an earlier run that was stopped, and to go on with a pipeline and outputs that were changed since.
    public var restarts: Bool
    /// True when a run takes what no earlier one has committed, and adds to their outputs.
    public var appends = false
    /// A hash of the pipeline alone, in hexadecimal digits: what runs that append to the same outputs have in common.
    public var pipeline = ""
    /// The SHA-256 of each file that a transform reads beside events, such as a table, in hexadecimal digits, by the transform's name:
    /// with another one it would make something else of the same events.
    public var tables: [String: String] = [:]
    /// What to do about units that have changed.
    public var changed = ChangePolicy.report
    /// The time from one record of how far the run is to the next.
    public var interval: Duration

    /// States how.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - identity: A hash of what is run.
    ///   - restarts: True to forget an earlier run.
    ///   - interval: The time from one record to the next.
    public init(folder: String, identity: String, restarts: Bool = false, interval: Duration = .seconds(5)) {
        self.folder = folder
        self.identity = identity
        self.restarts = restarts
        self.interval = interval
    }
}
