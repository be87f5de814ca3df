/// A pattern for the paths of files: `*`, `?`, `[a-z]`, `**` and `{a,b}`.
///
/// `*` and `?` stay within one name, `**/` stands for any number of folders, also none, and `/**` for all that is below.
/// A pattern without a slash matches the name at any depth, as in `.gitignore`; a slash at the end makes it a folder,
/// with all that is below; a slash at the start ties it to the top. A backslash takes the next character as it is.
/// Letters match in their own case only.
package struct Glob: Hashable, Sendable {
    /// The pattern as it was written.
    package let text: String
    private let files: [GlobMatcher]
    private let folders: [GlobMatcher]

    /// Reads a pattern.
    ///
    /// - Parameter text: The pattern.
    /// - Throws: `GlobError` when it is none.
    package init(_ text: String) throws(GlobError) {
        self.text = text
        var pattern = Substring(text)
        let isFolder = pattern.hasSuffix("/")
        if isFolder { pattern.removeLast() }
        let isAnchored = pattern.hasPrefix("/") || pattern.hasPrefix("./")
        if isAnchored { pattern = pattern.drop { $0 == "." }.dropFirst() }
        guard !pattern.isEmpty else { throw GlobError("it is empty") }

        var files: [GlobMatcher] = []
        var folders: [GlobMatcher] = []
        for var tokens in try GlobParser.alternatives(pattern) {
            let isName = !isAnchored && !tokens.contains(.byte(UInt8(ascii: "/")))
            tokens = GlobParser.joiningStars(tokens)
            if isName, tokens != [.below] { tokens.insert(.folders, at: 0) }
            if isFolder { tokens += [.byte(UInt8(ascii: "/")), .below] }
            files.append(GlobMatcher(tokens))
            if tokens.suffix(2) == [.byte(UInt8(ascii: "/")), .below] {
                folders.append(GlobMatcher(tokens.dropLast(2)))
            }
        }
        self.files = files
        self.folders = files + folders
    }

    /// Tells whether a file matches.
    ///
    /// - Parameter path: The bytes of its path from the top of the tree, with `/` between names.
    /// - Returns: True when it does.
    package func matches(_ path: [UInt8]) -> Bool {
        unsafe path.withUnsafeBufferPointer { path in files.contains { unsafe $0.matches(path) } }
    }

    /// Tells whether a folder matches, or everything below it.
    ///
    /// - Parameter path: The bytes of its path from the top of the tree.
    /// - Returns: True when it does.
    package func matchesFolder(_ path: [UInt8]) -> Bool {
        unsafe path.withUnsafeBufferPointer { path in folders.contains { unsafe $0.matches(path) } }
    }
}

/// What is wrong with a pattern.
package struct GlobError: Error, Hashable, CustomStringConvertible {
    /// What is wrong, for example `its '[' is not closed`.
    package var description: String

    init(_ description: String) {
        self.description = description
    }
}
