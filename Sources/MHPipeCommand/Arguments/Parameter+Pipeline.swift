import MHPipeKit

extension Parameter {
    /// Declares `--set NAME=VALUE`, for commands that read pipeline files.
    ///
    /// - Parameters:
    ///   - path: Where its values go.
    ///   - takesSeveral: True for a command that takes several files.
    /// - Returns: The option.
    static func settings(
        _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Root, [Setting]>,
        takesSeveral: Bool = false
    ) -> Parameter {
        let (files, them) = takesSeveral ? ("files", "them") : ("file", "it")
        return .repeated(
            "set",
            "NAME=VALUE",
            path(),
            "The value of ${NAME} in the \(files), or of a place in \(them) such as sinks.audit.path; may be repeated.",
            distinctBy: \.name
        )
    }

    /// Declares `--plugin FILE`, for commands that take plugins from libraries.
    ///
    /// - Parameter path: Where its values go.
    /// - Returns: The option.
    static func libraries(
        _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Root, [InputPath]>
    ) -> Parameter {
        .repeated("plugin", "FILE", path(), "Loads the plugins of this library as well; may be repeated.")
    }
}
