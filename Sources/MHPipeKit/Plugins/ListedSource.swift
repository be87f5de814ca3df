/// A source that knows all its units at once.
///
/// They stay in memory until the run ends; a source that may have very many is a `Source` with a `UnitList` of its own.
public protocol ListedSource: Source {
    /// Lists what there is to read.
    ///
    /// Called once, before anything is read.
    ///
    /// - Parameter report: Takes what was found but cannot be read, such as a folder without permission; it is shown,
    ///   counted, and makes the exit code 3.
    /// - Returns: The units, in order.
    /// - Throws: `StageError` when there is nothing to read at all, for example because the path does not exist.
    func units(report: (UnreadableInput) -> Void) throws -> [any SourceUnit]
}

extension ListedSource {
    /// What could not be read, and then all units, in their order.
    ///
    /// - Returns: The list.
    /// - Throws: What `units` throws.
    public func list() throws -> any UnitList {
        var unreadable: [UnreadableInput] = []
        let units = try units { unreadable.append($0) }
        return ListedUnits(units, unreadable)
    }
}

/// Units that a source has made already.
private final class ListedUnits: UnitList {
    private var rest: [NextUnit]
    let total: UnitTotal?

    init(_ units: [any SourceUnit], _ unreadable: [UnreadableInput]) {
        let sizes = units.compactMap(\.size)
        total = UnitTotal(units: units.count, bytes: sizes.count == units.count ? sizes.reduce(0, +) : nil)
        rest = units.reversed().map(NextUnit.unit) + unreadable.reversed().map(NextUnit.unreadable)
    }

    func next() -> NextUnit { rest.popLast() ?? .end }
}
