/// A sink that can write what it writes of a run's events also of a database that an earlier run has made.
package protocol DatabaseReadingSink: Sink {
    /// Takes the events of a database; called behind `open`, in the place of `write`.
    ///
    /// - Parameter path: The database.
    /// - Throws: `StageError` when it cannot be read, or is none of mhpipe's.
    mutating func read(_ path: FilePath) throws
}
