public import MHPipeKit

/// Loads the libraries that a pipeline names under `plugins`.
public struct PluginLoader: Sendable {
    /// A library cannot be loaded.
    public struct Refusal: Error, Equatable {
        /// What is wrong: lower case, no full stop, the path in single quotes.
        public var message: String
        /// Further lines: what was expected, and what to do next.
        public var notes: [String]
        /// True when the library may be sound, and the machine has run out of something, or a disk fails.
        package var isMachineFault = false

        /// States why a library is not loaded.
        ///
        /// - Parameters:
        ///   - message: What is wrong.
        ///   - notes: Further lines.
        public init(_ message: String, notes: [String] = []) {
            self.message = message
            self.notes = notes
        }
    }

    private let body: @Sendable (String) throws(Refusal) -> PluginRegistry

    /// Makes a loader.
    ///
    /// - Parameter load: Gives the plugins of the library at a path; called on the queue of the check, once for each time
    ///   that the library is named.
    public init(_ load: @escaping @Sendable (_ path: String) throws(Refusal) -> PluginRegistry) {
        body = load
    }

    /// Loads nothing: a pipeline that names a library is wrong.
    public static let none = PluginLoader { path throws(Refusal) in
        throw Refusal("cannot load '\(path)': this program takes no plugins from libraries")
    }

    /// Adds the plugins of a library to others.
    ///
    /// - Parameters:
    ///   - path: The library.
    ///   - plugins: Gets the library's plugins; those that it holds already are not added again.
    /// - Throws: `Refusal` when the library cannot be loaded, or has a plugin whose name is taken.
    public func load(_ path: String, into plugins: inout PluginRegistry) throws(Refusal) {
        let library = try body(path)
        do {
            plugins = try plugins.merging(library)
        } catch {
            throw Refusal(
                "cannot load '\(path)': there is a \(error.kind.rawValue) '\(error.name)' already",
                notes: ["give the \(error.kind.rawValue) of the library another name"]
            )
        }
    }
}
