/// How a run keeps its state, so that a later one can go on where it was stopped.
public struct StateSettings: Sendable, Hashable {
    /// The folder; it is made when it is not there.
    public var folder: String
    /// A hash of what is run, in hexadecimal digits: another one is another run.
    public var identity: String
    /// True to forget an earlier run.
    public var restarts: Bool
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
