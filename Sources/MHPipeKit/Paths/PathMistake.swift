/// A path that was surely meant otherwise: a URL, or something that shells and other programs replace and mhpipe does
/// not.
package struct PathMistake {
    package enum Purpose: Sendable {
        case input
        /// The path of one file that is written.
        case outputFile
        /// The template of many files.
        case outputFiles
        /// What a plugin writes in a way of its own; it may know what mhpipe does not.
        case otherOutput
    }

    /// What is wrong, without its place.
    package let diagnostic: Diagnostic
    /// When something is there, the path is meant as it stands; nil when it never can be.
    package let literalPath: String?

    /// Looks at a path, not at the disk.
    ///
    /// - Parameters:
    ///   - path: The path as the program got it.
    ///   - purpose: What it is for.
    ///   - isArgument: True when it comes from the command line, where a shell has replaced what it knows.
    ///   - mayBeObject: True when it may be the address of an object.
    package init?(in path: String, for purpose: Purpose, isArgument: Bool, mayBeObject: Bool = false) {
        if let address = RemoteAddress(path), !mayBeObject || !BucketPath.isOne(path) {
            guard purpose != .otherOutput else { return nil }
            self.init(address.mistake(for: purpose, mayBeObject: mayBeObject), path, upTo: nil)
        } else if let mark = HomeMark(in: path) {
            self.init(mark.mistake(in: path, isArgument: isArgument), path, upTo: mark.end)
        } else if let mark = VariableMark(in: path) {
            self.init(mark.mistake(in: path, isArgument: isArgument), path, upTo: mark.range.upperBound)
        } else if purpose != .otherOutput, let mark = PatternMark(in: path, for: purpose) {
            self.init(mark.mistake(in: path, for: purpose, isArgument: isArgument), path, upTo: mark.range.upperBound)
        } else {
            return nil
        }
    }

    private init(_ diagnostic: Diagnostic, _ path: String, upTo end: String.Index?) {
        self.diagnostic = diagnostic
        literalPath = end.map { end in String(path[..<(path[end...].firstIndex(of: "/") ?? path.endIndex)]) }
    }
}
