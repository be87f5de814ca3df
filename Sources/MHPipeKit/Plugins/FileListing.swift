/// A list of files, which knows what else it came by.
package protocol FileListing: UnitList {
    /// What the list came by so far.
    var tally: InputTally { get }

    /// What was left out of it by keys, where the source selects events.
    var keySighting: SelectionSighting { get }

    /// What there is to say when all that it gave was read: lower case, no full stop.
    var remarks: [String] { get }

    /// The name under which it hands out a file, before or after the present one; nil when it does not.
    func name(of file: FileReference) -> String?
}

extension FileListing {
    package var keySighting: SelectionSighting { SelectionSighting() }

    package var remarks: [String] { [] }
}

/// A unit that is a file.
package protocol FileBacked: SourceUnit {
    /// Which file it is; nil for a pipe or standard input.
    var file: FileReference? { get }
}

/// A file by all that tells it from others.
package struct FileReference: Sendable {
    package let identity: FileIdentity
    /// True when another path may lead to it: the path is a link, or the file has several names.
    package let mayRepeat: Bool
    /// The bytes of the path behind all symbolic links; nil when it leads nowhere.
    package let resolvedPath: @Sendable () -> [UInt8]?

    package init(_ identity: FileIdentity, mayRepeat: Bool, resolvedPath: @escaping @Sendable () -> [UInt8]?) {
        self.identity = identity
        self.mayRepeat = mayRepeat
        self.resolvedPath = resolvedPath
    }
}

/// How many files a source came by, and how many of them it does not read.
package struct InputTally: Sendable, Hashable {
    /// All files, and folders that cannot be listed.
    package var seen: Int
    /// Those that the pipeline's own patterns leave out.
    package var leftOut: Int
    /// Those that do not look like what the source reads.
    package var others: Int
    /// Those that hold nothing of what is asked for, by their keys.
    package var pruned: Int
    /// The folders of which nothing is known but that, for the same reason; they are not among those seen.
    package var prunedFolders: Int
    /// Those whose turn has not come yet.
    package var waiting: Int

    package init(
        seen: Int = 0,
        leftOut: Int = 0,
        others: Int = 0,
        pruned: Int = 0,
        prunedFolders: Int = 0,
        waiting: Int = 0
    ) {
        self.seen = seen
        self.leftOut = leftOut
        self.others = others
        self.pruned = pruned
        self.prunedFolders = prunedFolders
        self.waiting = waiting
    }

    package static func += (left: inout InputTally, right: InputTally) {
        left.seen += right.seen
        left.leftOut += right.leftOut
        left.others += right.others
        left.pruned += right.pruned
        left.prunedFolders += right.prunedFolders
        left.waiting += right.waiting
    }
}

/// A file, whatever path leads to it.
package struct FileIdentity: Sendable, Hashable, Comparable {
    let device: UInt64
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
