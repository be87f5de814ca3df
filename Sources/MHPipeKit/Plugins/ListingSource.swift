/// A source that may have very many units, and makes each when its turn comes.
package protocol ListingSource: Source {
    /// Lists what there is to read; like `units(report:)`.
    ///
    /// - Parameter report: Takes what was found but cannot be read.
    /// - Returns: The units, in order.
    /// - Throws: `StageError` when there is nothing to read at all.
    func list(report: (UnreadableInput) -> Void) throws -> any UnitList
}

extension ListingSource {
    /// All units of the list.
    package func units(report: (UnreadableInput) -> Void) throws -> [any SourceUnit] {
        let list = try list(report: report)
        return (0..<list.count).map(list.unit)
    }
}

/// The units of a source.
package protocol UnitList: Sendable {
    var count: Int { get }

    /// The bytes of all units as they are stored; nil when one does not know its size.
    var bytes: Int? { get }

    /// What the source came by; nil for no more than the units and what was reported as unreadable.
    var tally: InputTally? { get }

    /// True when two units of the list may be one file under two names.
    var mayRepeat: Bool { get }

    /// A unit by its place; called on the queue of the worker that reads it.
    func unit(at place: Int) -> any SourceUnit

    /// The file behind a unit; nil when it is none, or `forgetIdentities` was called.
    func identity(at place: Int) -> FileIdentity?

    /// Gives back the memory for what `identity` tells.
    mutating func forgetIdentities()
}

extension UnitList {
    package var tally: InputTally? { nil }
    package var mayRepeat: Bool { false }
    package func identity(at place: Int) -> FileIdentity? { nil }
    package mutating func forgetIdentities() {}
}

/// How many files a source came by, and how many of them it does not read.
package struct InputTally: Sendable, Hashable {
    /// All files, and folders that cannot be listed.
    package var seen: Int
    /// Those that the pipeline's own patterns leave out.
    package var leftOut: Int
    /// Those that do not look like what the source reads.
    package var others: Int

    package init(seen: Int = 0, leftOut: Int = 0, others: Int = 0) {
        self.seen = seen
        self.leftOut = leftOut
        self.others = others
    }

    package static func += (left: inout InputTally, right: InputTally) {
        left.seen += right.seen
        left.leftOut += right.leftOut
        left.others += right.others
    }
}

/// A file, whatever path leads to it.
package struct FileIdentity: Sendable, Hashable, Comparable {
    private let device: UInt64
    private let number: UInt64

    /// Takes the file system and the number in it, as `stat` tells them.
    package init(device: some BinaryInteger, number: some BinaryInteger) {
        self.device = UInt64(truncatingIfNeeded: device)
        self.number = UInt64(truncatingIfNeeded: number)
    }

    package static func < (left: FileIdentity, right: FileIdentity) -> Bool {
        (left.device, left.number) < (right.device, right.number)
    }
}
