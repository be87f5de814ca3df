/// A file that a sink has put in its place.
package struct WrittenFile: Sendable, Hashable {
    /// The path, as the user names its folder.
    package var path: String
    /// The events that were written to it.
    package var rows: Int
}

/// An output of many files, which says which ones it has put in their places.
package protocol WrittenFileListing {
    /// The files; none before the commit, and none of an output of one file, whose path is known.
    var writtenFiles: [WrittenFile] { get }
}
