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
    /// How it was left, as a text, where a later run puts more behind it that cannot know it otherwise.
    package var end: String?

    package init(path: String, rows: Int?, offset: Int = 0, content: Content? = nil, end: String? = nil) {
        (self.path, self.rows, self.offset, self.content, self.end) = (path, rows, offset, content, end)
    }
}

/// What a file that is there is to the earlier runs of a state.
package enum EarlierStanding: Sendable {
    /// It is as the last run has left it that wrote it.
    case asLeft
    /// Others have changed it since.
    case changed
    /// No run has written it.
    case foreign
    /// It may be that a run has written it: not all of them have put down what they wrote.
    case unknown
}

/// Tells how earlier runs have left files; any queue may ask.
package protocol EarlierFiles: Sendable {
    /// Tells whether a file is as the last run has left it that wrote it.
    ///
    /// - Parameters:
    ///   - path: The path, as in `WrittenFile`.
    ///   - end: How it is now, as in `WrittenFile`.
    /// - Returns: What it is to those runs.
    /// - Throws: `StageError` when that cannot be read.
    func standing(of path: String, _ end: String) throws(StageError) -> EarlierStanding

    /// Tells why nothing can be put behind a compressed file; it is read in whole.
    ///
    /// - Parameter path: The file.
    /// - Returns: What is wrong with it; nil when nothing is.
    /// - Throws: `StageError` when it cannot be read.
    func damage(ofCompressed path: FilePath) throws(StageError) -> String?

    /// True when files that others have changed are to be taken as they are.
    var takesChanged: Bool { get }
}

/// An output that says which files it has put in their places, or where in its one file what it has written begins.
package protocol WrittenFileListing {
    /// The files; none before the commit, and none of an output that is one file, whose path is known.
    var writtenFiles: [WrittenFile] { get }

    /// The bytes that were in its one file before the run; 0 of many files, and of one that is written as a whole.
    var offset: Int { get }
}

extension Sink {
    /// What it writes to, where that says what it did.
    package var listing: (any WrittenFileListing)? { (self as? any FileSink)?.output as? any WrittenFileListing }
}
