/// Somewhere to write to: a file that appears when it is whole, a stream, or a device.
///
/// Used on one queue at a time: `write` any number of times, then `finish` and `commit`; or `abort` at any point.
package protocol OutputFile: AnyObject {
    /// Writes bytes behind the earlier ones.
    func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(OutputFailure)

    /// Writes what is left and waits until it is on the disk.
    func finish() throws(OutputFailure)

    /// Gives the file its name.
    func commit() throws(OutputFailure)

    /// Removes what was written, where that can be undone.
    func abort()
}

/// Outputs by what their names lead to.
package enum Output {
    /// Opens an output by what its name leads to.
    ///
    /// - Parameter name: A path; `-` is standard output.
    /// - Returns: Standard output; an atomic file where there is a regular file or nothing; the device, pipe or
    ///   descriptor itself otherwise.
    /// - Throws: `OutputFailure` when it cannot be written.
    package static func open(_ name: String) throws(OutputFailure) -> any OutputFile {
        if name == "-" { return try StreamOutput.standardOutput() }
        let place = try OutputPlace(resolving: name)
        switch place.kind {
        case .regular: return try AtomicFile(place)
        case .device: return try StreamOutput(device: place)
        case .descriptor(let descriptor): return try StreamOutput(name: name, descriptor: descriptor)
        }
    }
}
