/// What became of a unit that a run is done with.
///
/// It travels with the unit's bytes, in the order of the input, to all that take them.
public struct UnitOutcome: Sendable, Hashable {
    /// How far a unit was read.
    public enum Ending: String, Sendable {
        /// To its end.
        case read
        /// Not to its end, or it held nothing that is CloudTrail; what could be read of it was.
        case damaged
        /// It could not be opened.
        case unreadable
        /// It has no end of its own, and the run has made one.
        case cut
    }

    /// The name of the source stage.
    public var source: String
    /// Which unit it is.
    public var id: UnitID
    /// What was known of it before it was read.
    public var facts: UnitFacts
    /// How far it was read.
    public var ending: Ending
    /// The records found in it, bad ones included.
    public var events: Int
    /// The records in it that could not be read.
    public var quarantined: Int
    /// What its bytes were; nil where nobody keeps proof of that.
    package var content: UnitContent?

    /// States what became of a unit.
    ///
    /// - Parameters:
    ///   - source: The name of the source stage.
    ///   - id: Which unit it is.
    ///   - facts: What was known of it before it was read.
    ///   - ending: How far it was read.
    ///   - events: The records found in it, bad ones included.
    ///   - quarantined: The records in it that could not be read.
    public init(
        source: String,
        id: UnitID,
        facts: UnitFacts = UnitFacts(),
        ending: Ending = .read,
        events: Int = 0,
        quarantined: Int = 0
    ) {
        self.source = source
        self.facts = facts
        self.id = id
        self.ending = ending
        self.events = events
        self.quarantined = quarantined
    }

    /// What it takes in memory, about.
    package var weight: Int { 512 + id.name.count + (facts.column?.json.utf8.count ?? 0) }
}

/// What a run has counted by the time its sinks finish.
public struct RunTotals: Sendable, Hashable {
    /// The units that were read, whole or in part.
    public var units: Int
    /// Those of them that are damaged.
    public var damagedUnits: Int
    /// What could not be opened.
    public var unreadable: Int
    /// The records found, bad ones included.
    public var events: Int
    /// The events that reached a sink.
    public var kept: Int
    /// The records that could not be read.
    public var quarantined: Int

    /// States totals.
    ///
    /// - Parameters:
    ///   - units: The units that were read, whole or in part.
    ///   - damagedUnits: Those of them that are damaged.
    ///   - unreadable: What could not be opened.
    ///   - events: The records found, bad ones included.
    ///   - kept: The events that reached a sink.
    ///   - quarantined: The records that could not be read.
    public init(
        units: Int = 0,
        damagedUnits: Int = 0,
        unreadable: Int = 0,
        events: Int = 0,
        kept: Int = 0,
        quarantined: Int = 0
    ) {
        self.units = units
        self.damagedUnits = damagedUnits
        self.unreadable = unreadable
        self.events = events
        self.kept = kept
        self.quarantined = quarantined
    }
}

/// What the bytes of a unit were, as they are stored.
package struct UnitContent: Sendable, Hashable {
    /// The hash of all of them; nil when the unit was not read to its end.
    package var sha256: [UInt8]?
    /// How many were read.
    package var bytes = 0
    /// The bytes of text that they held, as far as it was read.
    package var textBytes = 0
    /// True for a file, which can be read again.
    package var isFile = false

    package init() {}
}
