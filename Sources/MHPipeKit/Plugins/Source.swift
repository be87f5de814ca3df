/// Finds input and hands it out in units of work: a file, an object, a range.
///
/// The runtime numbers the units in the order in which they are handed out, and outputs follow that order, so a source
/// must hand out the same units in the same order each time. What a unit's bytes hold (gzip or not, which container of
/// records) is the runtime's business.
public protocol Source: Plugin {
    /// Lists what there is to read.
    ///
    /// Called once, on the runtime's main queue, before anything is read.
    ///
    /// - Parameter report: Takes what was found but cannot be read, such as a folder without permission; it is shown,
    ///   counted, and makes the exit code 3.
    /// - Returns: The units, in order.
    /// - Throws: `StageError` when there is nothing to read at all, for example because the path does not exist.
    func units(report: (UnreadableInput) -> Void) throws -> [any SourceUnit]

    /// The top-level fields that its events have beside those of CloudTrail; see `Transform.adds`.
    ///
    /// - Parameter options: The options, which an instance can be made of.
    /// - Returns: Every such field; nil when nobody can tell, and then field paths of later stages are not checked.
    static func adds(_ options: Options) -> [EventField]?
}

extension Source {
    /// None, unless the source says otherwise.
    public static func adds(_ options: Options) -> [EventField]? { [] }
}

/// One unit of work of a source.
public protocol SourceUnit: Sendable {
    /// The name that messages, quarantine and `EventOrigin` show: a path, or `-`.
    var name: String { get }

    /// The bytes to read, as they are stored, when that is known; for the progress display.
    var size: Int? { get }

    /// Opens the unit.
    ///
    /// Called on the queue of the worker that reads it: once, or a second time after the first stream was let go of, when
    /// `size` is known and the pipeline asks for files to be checked before they are read.
    ///
    /// - Returns: The stream, from the first byte.
    /// - Throws: `StageError` when it cannot be opened: the unit is reported and counted, the run goes on. The report puts
    ///   the unit's name before the message, so that `cannot be opened: Permission denied` is all it has to say. One with
    ///   `endsRun` fails the run.
    func open() throws -> any ByteStream
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
