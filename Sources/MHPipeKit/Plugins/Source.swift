/// Finds input and hands it out in units of work: a file, an object, a range.
///
/// The runtime *pulls* units, one by one, when a worker is free for the next; outputs follow the order in which a list
/// hands them out, so a source must hand out the same units in the same order each time. What a unit's bytes hold (gzip or
/// not, which container of records) is the runtime's business.
///
/// A source that has few units, and knows them all at once, is simpler written as a `ListedSource`.
///
/// All calls to a source and its list come from one queue, never two at once.
public protocol Source: Plugin {
    /// Begins to list what there is to read.
    ///
    /// Called once, before anything is read.
    ///
    /// - Returns: The list, before its first unit.
    /// - Throws: `StageError` when there is nothing to read at all, for example because the path does not exist.
    func list() throws -> any UnitList

    /// The top-level fields that its events have beside those of CloudTrail; see `TransformPlugin.adds`.
    ///
    /// - Parameter options: The options, which an instance can be made of.
    /// - Returns: Every such field; nil when nobody can tell, and then field paths of later stages are not checked.
    static func adds(_ options: Options) -> [EventField]?

    /// False when what it gives cannot be had a second time, like that of a program or of standard input, so that no run
    /// with it can keep a state.
    ///
    /// - Parameter options: The options.
    /// - Returns: True by default.
    static func canReadAgain(_ options: Options) -> Bool
}

extension Source {
    /// True, unless the source says otherwise.
    ///
    /// - Parameter options: The options.
    /// - Returns: True.
    public static func canReadAgain(_ options: Options) -> Bool { true }

    /// None, unless the source says otherwise.
    public static func adds(_ options: Options) -> [EventField]? { [] }
}

/// Bytes, one stretch after the other.
///
/// Used on one worker's queue.
public protocol ByteStream: AnyObject {
    /// Reads the next bytes, waiting for the first of them.
    ///
    /// - Parameter buffer: Where they go; not empty.
    /// - Returns: How many were read; 0 only at the end.
    /// - Throws: `StageError` when the medium fails: what was read so far is kept, the unit is reported as damaged. The
    ///   report puts the unit's name before the message. One with `endsRun` fails the run.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// Something a source found and cannot read.
public struct UnreadableInput: Sendable, Hashable {
    /// The path or address.
    public var name: String
    /// Why, for example `Permission denied`.
    public var reason: String
    /// What it holds, for the quarantine; empty where nobody knows.
    package var raw: [UInt8] = []
    /// How a list names it, where another run may read it; nil where none would.
    package var listedName: ListedName?
    /// True when it stays where it is and is tried again, so that the quarantine does not keep it yet.
    package var comesAgain = false

    /// States a finding.
    ///
    /// - Parameters:
    ///   - name: The path or address.
    ///   - reason: Why it cannot be read.
    public init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }
}
