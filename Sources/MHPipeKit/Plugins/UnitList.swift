/// The units of a source, pulled one by one.
///
/// A list keeps what it needs for the next unit, and nothing of those it has handed out: there may be millions.
public protocol UnitList: AnyObject {
    /// How many units there are in all, those that were handed out among them; nil while nobody can tell.
    ///
    /// Asked after each `next`; it must not take long.
    var total: UnitTotal? { get }

    /// How many units are pulled, and prepared, before a worker asks for them; 0 by default.
    var readAhead: Int { get }

    /// The next unit.
    ///
    /// Wait here for a short time at most, and answer `notYet` for longer: a run that is interrupted wants an answer.
    ///
    /// - Returns: The unit, or why there is none. After `end` it is `end` for ever.
    /// - Throws: `StageError` when the list cannot be gone on with: the run fails.
    func next() throws -> NextUnit
}

extension UnitList {
    /// Nobody can tell.
    public var total: UnitTotal? { nil }

    /// None.
    public var readAhead: Int { 0 }
}

/// What a list answers when it is asked for a unit.
public enum NextUnit: Sendable {
    /// A unit to read.
    case unit(any SourceUnit)
    /// Something that is there and cannot be read, such as a folder without permission; it is shown, counted, and makes
    /// the exit code 3.
    case unreadable(UnreadableInput)
    /// There may be more later. The list is asked again after that time; until then what was read stays where it is.
    case notYet(retryIn: Duration)
    /// There is no more.
    case end
}

/// How many units a list has.
public struct UnitTotal: Sendable, Hashable {
    /// The units.
    public var units: Int
    /// The bytes of all units as they are stored; nil when one does not know its size.
    public var bytes: Int?

    /// States a total.
    ///
    /// - Parameters:
    ///   - units: The units.
    ///   - bytes: The bytes of all units as they are stored, when that is known.
    public init(units: Int, bytes: Int? = nil) {
        self.units = units
        self.bytes = bytes
    }
}
