/// An output of one name, wherever it is kept.
package protocol NamedOutput: ResumableOutput, WrittenFileListing {
    /// True when nothing was written to it, by this run or by the one that it goes on with.
    var isEmpty: Bool { get }
}

/// Outputs of many names that are there together; used on one queue at a time.
package protocol NamedOutputs: AnyObject {
    /// Looks whether they can be written.
    func open() throws

    /// Writes bytes behind those that one has already; the first make it.
    func write(_ bytes: UnsafeBufferPointer<UInt8>, to path: [UInt8], rows: Int) throws

    /// Writes what is left, and waits until nothing of it can be lost.
    func finish() throws

    /// Gives all their names.
    func commit() throws

    /// Removes what was written.
    func abort()

    /// What has its name.
    var writtenFiles: [WrittenFile] { get }
}

/// Where outputs are kept that are no files of this machine.
package protocol OutputStore {
    /// The output of a name.
    func output(_ name: String) -> any NamedOutput

    /// The outputs below a folder, each of which begins with some bytes.
    func outputs(below folder: String, beginning: [UInt8]) -> any NamedOutputs
}

extension OutputFolder: NamedOutputs {}
