import Libc

/// The variables of the environment, in which an empty one counts as none.
package struct AWSEnvironment: Sendable {
    private let find: @Sendable (String) -> String?

    /// Those of the process.
    package static let process = AWSEnvironment { name in unsafe getenv(name).map { unsafe String(cString: $0) } }

    /// - Parameter find: Gives the value of a variable.
    package init(_ find: @escaping @Sendable (String) -> String?) {
        self.find = find
    }

    /// Those of a dictionary.
    package init(_ values: [String: String]) {
        self.init { values[$0] }
    }

    package subscript(name: String) -> String? { find(name).flatMap { $0.isEmpty ? nil : $0 } }

    /// True and false as AWS's tools write them; nil for neither.
    package func flag(_ name: String) -> Bool? { Self.flag(self[name]) }

    static func flag(_ text: String?) -> Bool? {
        switch text?.lowercased() {
        case "true", "1": true
        case "false", "0": false
        default: nil
        }
    }
}
