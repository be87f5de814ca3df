/// A source that is a queue, and gives up what it has tried often enough.
package protocol SettlingSource: AcknowledgedSource {
    /// Takes note that a run is committed; called behind `committed`, and where no unit was read as well.
    ///
    /// - Parameter reported: The units that could not be opened, and the names of what could not be read, which the user was
    ///   told of; the quarantine, where there is one, keeps them. Empty where it had no room for all.
    /// - Throws: `StageError` when what is given up may come again.
    mutating func settled(reported: [UnitID]) throws

    /// Takes note that the run gives no more, however it ended; the last call of all.
    mutating func ended()
}
