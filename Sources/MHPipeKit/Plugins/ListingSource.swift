/// A source that may have very many units, and makes each when its turn comes.
package protocol ListingSource: Source {
    /// Lists what there is to read; like `units(report:)`.
    ///
    /// - Parameter report: Takes what was found but cannot be read.
    /// - Returns: The units, in order.
    /// - Throws: `StageError` when there is nothing to read at all.
    func list(report: (UnreadableInput) -> Void) throws -> any UnitList
}

extension ListingSource {
    /// All units of the list.
    package func units(report: (UnreadableInput) -> Void) throws -> [any SourceUnit] {
        let list = try list(report: report)
        return (0..<list.count).map(list.unit)
    }
}

/// The units of a source.
package protocol UnitList: Sendable {
    var count: Int { get }

    /// The bytes of all units as they are stored; nil when one does not know its size.
    var bytes: Int? { get }

    /// A unit by its place; called on the queue of the worker that reads it.
    func unit(at place: Int) -> any SourceUnit
}
