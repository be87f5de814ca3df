/// A sink whose files can be put together to the one that a run over all their inputs would have written.
package protocol MergingSink: Sink {
    /// Writes what is in some files, each of which a run has written by itself, to one.
    ///
    /// - Parameters:
    ///   - parts: The files, in the order in which their events come.
    ///   - output: The file to write, which has its name when it is whole.
    ///   - replaces: True to replace a file that mhpipe has made.
    /// - Returns: The events that are in it.
    /// - Throws: `StageError` when one of them cannot be read, or is of another kind than the first; the output is as it was
    ///   then.
    static func merge(_ parts: [FilePath], into output: String, replaces: Bool) throws -> Int
}
