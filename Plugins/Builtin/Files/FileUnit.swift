import MHPipeIO
import MHPipeKit

/// A file, a pipe or standard input as a unit of work.
///
/// Its errors do not name the file: the runtime puts the unit's name before them.
struct FileUnit: SourceUnit {
    private enum Place {
        case path(FilePath)
        case standardInput
    }

    private let place: Place
    let size: Int?
    /// What ends a pipe that nothing more comes through.
    private let stop: RunStop

    /// The file at a path.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - size: The bytes in it, or nil when it is no regular file.
    ///   - stop: What ends it when it is a pipe.
    init(_ path: FilePath, size: Int?, stop: RunStop = RunStop()) {
        place = .path(path)
        self.size = size
        self.stop = stop
    }

    /// Standard input, which `stop` ends.
    init(standardInput stop: RunStop) {
        place = .standardInput
        size = nil
        self.stop = stop
    }

    var name: String {
        switch place {
        case .path(let path): path.text
        case .standardInput: "-"
        }
    }

    func open() throws -> any ByteStream {
        switch place {
        case .standardInput:
            return Stream(FileInput(standardInput: { [stop] in stop.isEnough }))
        case .path(let path):
            do {
                return Stream(try FileInput(path) { [stop] in stop.isEnough })
            } catch {
                throw StageError(error, of: "cannot be opened")
            }
        }
    }

    private final class Stream: ByteStream {
        private let input: FileInput

        init(_ input: FileInput) {
            self.input = input
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            do {
                return try input.read(into: buffer)
            } catch {
                throw StageError(error, of: "cannot be read any further")
            }
        }
    }
}

/// Files that were named one by one.
struct FileUnits: UnitList {
    private var units: [FileUnit] = []
    private var identities: [FileIdentity?] = []

    /// Adds a unit, and which file it is.
    mutating func append(_ unit: FileUnit, _ identity: FileIdentity?) {
        units.append(unit)
        identities.append(identity)
    }

    var count: Int { units.count }

    var bytes: Int? {
        let sizes = units.compactMap(\.size)
        return sizes.count == units.count ? sizes.reduce(0, +) : nil
    }

    var mayRepeat: Bool { count > 1 }

    func unit(at place: Int) -> any SourceUnit { units[place] }
    func identity(at place: Int) -> FileIdentity? { identities.isEmpty ? nil : identities[place] }
    mutating func forgetIdentities() { identities = [] }
}
