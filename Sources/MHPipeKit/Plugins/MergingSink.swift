/// A file that is put together with others, and what is known of it.
package struct MergedPart: Sendable {
    package var path: FilePath
    /// The events that are in it, where whoever made it has put that down.
    package var rows: Int?
    /// True when it is known to be the one that was made, so that it may look like another one.
    package var isKnown: Bool

    package init(_ path: FilePath, rows: Int? = nil, isKnown: Bool = false) {
        (self.path, self.rows, self.isKnown) = (path, rows, isKnown)
    }
}

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
    static func merge(_ parts: [MergedPart], into output: String, replaces: Bool) throws -> Int
}
