import Libc

/// The environment of this process, for the programs that it starts.
package enum ProcessEnvironment {
    /// The variables by their names; of a name that is there twice, the first counts, as for getenv(3).
    package static var variables: [String: String] {
        var variables: [String: String] = [:]
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let text = unsafe String(cString: entry)
            if let sign = text.firstIndex(of: "="), case let name = String(text[..<sign]), variables[name] == nil {
                variables[name] = String(text[text.index(after: sign)...])
            }
            unsafe next += 1
        }
        return variables
    }
}
