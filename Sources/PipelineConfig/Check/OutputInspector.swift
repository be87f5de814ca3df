/// Says what keeps a file from being written.
///
/// What writes files knows that best, and the check does not know what writes them.
public struct OutputInspector: Sendable {
    /// What stands against a file.
    public struct Obstacle: Sendable, Equatable {
        /// What is wrong: lower case, no full stop, the path in single quotes.
        public var message: String
        /// What to do about it; a line each.
        public var notes: [String]
        /// True when the path is that of a folder, into which some plugins write.
        public var isFolder: Bool
        /// True when the path may be right, and the machine has run out of something, or a disk fails.
        package var isMachineFault = false

        /// States an obstacle.
        ///
        /// - Parameters:
        ///   - message: What is wrong.
        ///   - notes: What to do about it.
        ///   - isFolder: True when the path is that of a folder.
        public init(_ message: String, notes: [String] = [], isFolder: Bool = false) {
            self.message = message
            self.notes = notes
            self.isFolder = isFolder
        }
    }

    private let body: @Sendable (String, Bool) -> Obstacle?

    /// Makes an inspector.
    ///
    /// - Parameter inspect: Gives what keeps the file at a path from being written, without touching it; nil when nothing
    ///   does. Called on the queue of the check.
    public init(_ inspect: @escaping @Sendable (_ path: String, _ needsRegularFile: Bool) -> Obstacle?) {
        body = inspect
    }

    /// Finds nothing: whether outputs can be written shows when they are.
    public static let none = OutputInspector { _, _ in nil }

    /// What keeps a file from being written; nil when nothing does.
    ///
    /// - Parameters:
    ///   - path: The path as it was written.
    ///   - needsRegularFile: False when a device or a pipe will do.
    /// - Returns: The obstacle.
    public func obstacle(_ path: String, needsRegularFile: Bool) -> Obstacle? { body(path, needsRegularFile) }
}
