/// What this process has begun on other machines and not ended, for an end that leaves no time for it: the commands that
/// let go of it.
package enum UnfinishedUploads {
    private static let all = Locked<[String]>([])

    package static func add(_ command: String) {
        all.withLock { $0.append(command) }
    }

    package static func remove(_ command: String) {
        all.withLock { $0.removeAll { $0 == command } }
    }

    /// The commands, in the order in which things were begun.
    package static var commands: [String] { all.withLock { $0 } }
}
