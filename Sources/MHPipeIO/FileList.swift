package import MHPipeKit

/// Files below a folder, in little memory: there may be millions.
package struct FileList: Sendable {
    /// A file.
    package struct File: Sendable {
        /// The root's path as it was given, and the path below it.
        package let path: FilePath
        /// The bytes in the file.
        package let size: Int
    }

    /// With a slash at its end.
    private let root: [UInt8]
    /// The folders below the root that have files, each with a slash at its end.
    private var folders = ByteStrings()
    private var names = ByteStrings()
    /// For each file, the number of its folder.
    private var folderNumbers: [UInt32] = []
    private var sizes: [Int] = []
    private var identities: [FileIdentity] = []
    /// True when a link led to one of the files, or one has several names, so that a file may be here twice.
    package private(set) var mayRepeat = false
    /// The bytes in all files.
    package private(set) var bytes = 0

    init(root: [UInt8]) {
        self.root = root
    }

    /// Adds a file by its path below the root; files of one folder come one after the other.
    mutating func append(_ path: [UInt8], size: Int, identity: FileIdentity, mayRepeat: Bool) {
        let nameStart = (path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
        append(folder: path[..<nameStart], name: path[nameStart...], size: size)
        identities.append(identity)
        if mayRepeat { self.mayRepeat = true }
    }

    /// Adds the files of another list.
    mutating func append(_ list: FileList) {
        for number in list.sizes.indices {
            let folder = list.folders[Int(list.folderNumbers[number])]
            append(folder: folder, name: list.names[number], size: list.sizes[number])
        }
        identities += list.identities
        if list.mayRepeat { mayRepeat = true }
    }

    /// Which file it is; nil once that was forgotten.
    package func identity(at position: Int) -> FileIdentity? {
        identities.isEmpty ? nil : identities[position]
    }

    /// Gives back the memory for what `identity` tells.
    package mutating func forgetIdentities() {
        identities = []
    }

    /// Gives back the room for more.
    mutating func trim() {
        folders.trim()
        names.trim()
        folderNumbers = folderNumbers.trimmed
        sizes = sizes.trimmed
        identities = identities.trimmed
    }

    private mutating func append(folder: ArraySlice<UInt8>, name: ArraySlice<UInt8>, size: Int) {
        if folders.count == 0 || folders[folders.count - 1] != folder { folders.append(folder) }
        folderNumbers.append(UInt32(folders.count - 1))
        names.append(name)
        sizes.append(size)
        bytes += size
    }
}

extension FileList: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { sizes.count }

    package subscript(position: Int) -> File {
        let path = root + folders[Int(folderNumbers[position])] + names[position]
        return File(path: FilePath(bytes: path), size: sizes[position])
    }
}

/// Byte strings, one behind the other.
private struct ByteStrings: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    var count: Int { ends.count }

    mutating func append(_ string: ArraySlice<UInt8>) {
        bytes += string
        ends.append(bytes.count)
    }

    mutating func trim() {
        bytes = bytes.trimmed
        ends = ends.trimmed
    }

    subscript(number: Int) -> ArraySlice<UInt8> {
        bytes[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
    }
}

extension Array {
    /// The same elements in memory for no more than them.
    fileprivate var trimmed: [Element] { withUnsafeBufferPointer { Array($0) } }
}
