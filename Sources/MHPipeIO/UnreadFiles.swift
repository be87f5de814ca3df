package import MHPipeKit

/// What becomes of a file that a walk comes by.
package enum FileChoice: Sendable {
    case read
    /// The user's own patterns leave it out.
    case leftOut
    /// Nobody chose it, and it does not look like what is read.
    case other
    /// It would be read, but by its path it holds nothing of what is asked for.
    case pruned
}

/// What becomes of a folder that a walk comes by.
package enum FolderChoice: Sendable {
    case list
    /// The user's own patterns leave it out, with all that is below it.
    case leftOut
    /// By its path, nothing below it is asked for.
    case pruned
}

/// The files that a walk came by and that are not read, in little memory: there may be millions.
package struct UnreadFiles: Sendable {
    /// How many files the user's own patterns leave out.
    package private(set) var leftOut = 0
    /// How many hold nothing of what is asked for, by their paths.
    package private(set) var pruned = 0
    /// How many other files there are.
    package private(set) var others = 0
    /// How many of the others are no files at all: pipes, sockets, devices.
    package private(set) var specials = 0
    /// The first of those.
    package private(set) var firstSpecial: (path: [UInt8], kind: FileStatus.Kind)?
    /// Some of the others, by their paths: the first of each folder, so that a large one does not hide what is in the next.
    package private(set) var samples: [[UInt8]] = []
    /// What the names of all of them end in.
    package private(set) var endings = NameEndings()

    private var samplesOfFolder = 0

    /// The samples that a folder gives.
    package static let mostSamplesOfFolder = 16
    /// The samples that a walk gives.
    package static let mostSamples = 1024

    /// Adds a file by its path below the root; files of one folder come one after the other.
    mutating func append(_ path: [UInt8], kind: FileStatus.Kind, _ choice: FileChoice) {
        if choice == .pruned {
            pruned += 1
            return
        }
        endings.add(path)
        guard choice == .other else {
            leftOut += 1
            return
        }
        others += 1
        switch kind {
        case .file: addSample(path)
        case .folder, .link: break
        case .pipe, .socket, .device:
            specials += 1
            firstSpecial = firstSpecial ?? (path, kind)
        }
    }

    private mutating func addSample(_ path: [UInt8]) {
        let isSameFolder = samples.last.map { Self.folder($0) == Self.folder(path) } ?? false
        samplesOfFolder = isSameFolder ? samplesOfFolder + 1 : 1
        if samplesOfFolder <= Self.mostSamplesOfFolder, samples.count < Self.mostSamples { samples.append(path) }
    }

    private static func folder(_ path: [UInt8]) -> ArraySlice<UInt8> {
        path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)]
    }
}
