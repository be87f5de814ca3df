/// A file that a sink has put in its place.
package struct WrittenFile: Sendable, Hashable {
    /// The path, as the user names its folder.
    package var path: String
    /// The events that were written to it.
    package var rows: Int
    /// The bytes that were in it before.
    package var offset = 0
}

/// An output that says which files it has put in their places, or where in its one file what it has written begins.
package protocol WrittenFileListing {
    /// The files; none before the commit, and none of an output of one file, whose path is known.
    var writtenFiles: [WrittenFile] { get }

    /// The bytes that were in its one file before the run; 0 of many files, and of one that is written as a whole.
    var offset: Int { get }
}
