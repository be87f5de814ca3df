/// How far a run is, at one moment.
public struct RunProgress: Sendable, Hashable {
    /// The units of work that are done.
    public var filesDone = 0
    /// All units of work.
    public var filesTotal = 0
    /// The bytes read so far, as stored.
    public var bytesDone = 0
    /// The bytes to read, as stored; 0 when a unit does not know its size.
    public var bytesTotal = 0
    /// The records found so far.
    public var events = 0
    /// The time since the start, in seconds.
    public var seconds = 0.0

    /// Nothing done yet.
    public init() {}
}
