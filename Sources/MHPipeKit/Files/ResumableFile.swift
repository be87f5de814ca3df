/// A file that a later run can go on with, and that has its name, or its new end, with `commit` alone.
package protocol ResumableFile: OutputFile {
    /// True when there is nothing in it yet.
    var isEmpty: Bool { get }

    /// Waits until all that was written is on the disk, and says where that is, as a text.
    func place() throws(OutputFailure) -> String

    /// Leaves what was written for a later run.
    func suspend()
}
