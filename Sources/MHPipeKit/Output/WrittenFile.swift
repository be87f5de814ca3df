/// A file, or an object of a bucket, that a sink has put in its place.
package struct WrittenFile: Sendable, Hashable {
    /// What is in it, where that is known without reading it again.
    package struct Content: Sendable, Hashable {
        package var bytes: Int
        package var sha256: [UInt8]

        package init(bytes: Int, sha256: [UInt8]) {
            (self.bytes, self.sha256) = (bytes, sha256)
        }
    }

    /// The path, as the user names its folder.
    package var path: String
    /// The events that were written to it; nil for all that the sink has written.
    package var rows: Int?
    /// The bytes that were in it before.
    package var offset = 0
    /// Nil for a file, which says itself what is in it.
    package var content: Content?

    package init(path: String, rows: Int?, offset: Int = 0, content: Content? = nil) {
        (self.path, self.rows, self.offset, self.content) = (path, rows, offset, content)
    }
}

/// An output that says which files it has put in their places, or where in its one file what it has written begins.
package protocol WrittenFileListing {
    /// The files; none before the commit, and none of an output that is one file, whose path is known.
    var writtenFiles: [WrittenFile] { get }

    /// The bytes that were in its one file before the run; 0 of many files, and of one that is written as a whole.
    var offset: Int { get }
}
