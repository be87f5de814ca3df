/// How far a run is, at one moment.
public struct RunProgress: Sendable, Hashable {
    /// The units of work that are done.
    public var filesDone = 0
    /// All units of work; nil while that is not known.
    public var filesTotal: Int?
    /// The bytes read so far, as stored.
    public var bytesDone = 0
    /// The bytes to read, as stored; nil while that is not known.
    public var bytesTotal: Int?
    /// The records found so far.
    public var events = 0
    /// The time since the start, in seconds.
    public var seconds = 0.0

    /// Nothing done yet.
    public init() {}
}
