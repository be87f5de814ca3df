import Libc

extension OutputPlace {
    /// Looks for what keeps an output from being opened, as far as that can be told without touching it.
    ///
    /// - Parameters:
    ///   - name: A path; `-` is standard output.
    ///   - needsRegularFile: False when a device or a pipe will do.
    /// - Returns: The obstacle; nil when there is none.
    package static func obstacle(_ name: String, needsRegularFile: Bool = false) -> OutputFailure? {
        if name == "-" { return nil }
        do {
            let place = try OutputPlace(resolving: name)
            if needsRegularFile, place.kind != .regular {
                return OutputFailure(name, reason: "it is no regular file, which a database needs")
            }
            switch place.kind {
            case .regular where !place.path.directory.mayBe(W_OK | X_OK): return AtomicFile.cannotCreate(place, errno)
            case .device where !place.path.mayBe(W_OK): return OutputFailure(name, errorNumber: errno)
            case .regular, .device, .descriptor: return nil
            }
        } catch {
            return error
        }
    }
}
