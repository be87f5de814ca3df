/// Something in the input that could not be read, where it is, and why.
public struct InputProblem: Sendable, Hashable {
    /// What is lost by it.
    public enum Scope: String, Sendable {
        /// One record.
        case record
        /// What follows in the file, or the whole file.
        case file
        /// A path that could not be opened, or a folder that could not be walked.
        case path
    }

    /// What is lost by it.
    public var scope: Scope
    /// The name of the source stage; nil where nobody knows it.
    public var source: String?
    /// The file, as its source names it.
    public var file: String
    /// The byte offset in the decompressed text; nil when nothing was read.
    public var offset: Int?
    /// The record's number in its file, from 0; nil when it is no record.
    public var record: Int?
    /// What is wrong, lower case, without a full stop.
    public var reason: String

    /// States a problem.
    public init(scope: Scope, file: String, offset: Int? = nil, record: Int? = nil, reason: String) {
        self.scope = scope
        self.file = file
        self.offset = offset
        self.record = record
        self.reason = reason
    }
}

extension InputProblem: CustomStringConvertible {
    /// The problem on one line: the file, the place in it, and what is wrong.
    public var description: String {
        let place = [record.map { "record \($0)" }, offset.map { "byte \($0)" }].compactMap { $0 }
        return ([file] + (place.isEmpty ? [] : [place.joined(separator: " at ")]) + [reason]).joined(separator: ": ")
    }
}
