/// An input that could not be read, in the words the user will read.
package struct InputFailure: Error, Hashable, CustomStringConvertible {
    /// What was to be done when it failed.
    package enum Operation: String, Sendable {
        case open
        case read
    }

    /// The input's name as the user gave it; `-` is standard input.
    package var name: String
    package var operation: Operation
    /// Why, in the system's words where it is the system that refused.
    package var reason: String

    package init(_ name: String, _ operation: Operation, reason: String) {
        self.name = name
        self.operation = operation
        self.reason = reason
    }

    /// What failed, on what, and why: `cannot open 'trail.json': Permission denied`.
    package var description: String {
        "cannot \(operation.rawValue) \(name == "-" ? "standard input" : "'\(name)'"): \(reason)"
    }
}
