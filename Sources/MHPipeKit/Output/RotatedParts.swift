import Libc

/// The parts that files are written in, each with the number it is at.
struct RotatedParts {
    private struct Part {
        var number = 1
        var text = 0
        /// The stretch of time that it belongs to.
        var stretch = 0
    }

    private let rotation: Rotation
    private let name: PartName
    private let clock: () -> Int
    private var parts: [[UInt8]: Part] = [:]
    /// The folder that holds the parts of earlier runs, behind which those of this one come; and the names in its folders.
    private var earlier: FilePath?
    private var mayBeThere = true
    private var names: [FilePath: [[UInt8]]] = [:]

    /// - Parameters:
    ///   - rotation: When a part is full.
    ///   - name: What parts are called.
    ///   - clock: The seconds since 1970.
    init(_ rotation: Rotation, _ name: PartName, clock: @escaping () -> Int = { Int(Timestamp.now.seconds) }) {
        (self.rotation, self.name, self.clock) = (rotation, name, clock)
    }

    /// True when nothing was written to any.
    var isEmpty: Bool { parts.isEmpty }

    /// Takes note of the next text of a file.
    ///
    /// - Parameters:
    ///   - base: The path of the file without a number.
    ///   - text: How much text that is, before it is compressed.
    /// - Returns: The path of the part that takes it.
    /// - Throws: `OutputFailure` when it is not known which parts there are, or some are that must not be.
    mutating func next(_ base: [UInt8], text: Int) throws(OutputFailure) -> [UInt8] {
        let stretch = if case .seconds(let seconds) = rotation.limit { clock() / seconds } else { 0 }
        var part = if let part = parts[base] { part } else { Part(number: try lastEarlier(base) + 1, stretch: stretch) }
        let isFull =
            if case .text(let most) = rotation.limit { part.text + text > most } else { stretch != part.stretch }
        if isFull, part.text > 0 { part = Part(number: part.number + 1, stretch: stretch) }
        part.text += text
        parts[base] = part
        return name.path(base, part: part.number)
    }

    /// Takes note of a part that an earlier run has begun.
    mutating func restore(_ path: [UInt8], text: Int) {
        guard let (base, number) = name.base(of: path) else { return }
        var part = parts[base] ?? Part(number: number, stretch: -1)
        if part.number != number { part = Part(number: number, stretch: -1) }
        part.text += text
        parts[base] = part
    }

    /// Counts on behind the parts in a folder, or refuses them.
    mutating func begin(behindThoseIn root: FilePath, mayBeThere: Bool) {
        (earlier, self.mayBeThere) = (root, mayBeThere)
    }

    /// The number of the last part of a file that was there before the run; 0 when there was none.
    private mutating func lastEarlier(_ base: [UInt8]) throws(OutputFailure) -> Int {
        guard let earlier else { return 0 }
        let path = FilePath(bytes: base)
        let folder = Self.folder(path, in: earlier)
        let found = if let names = names[folder] { names } else { try Self.names(in: folder) }
        names[folder] = found
        let last = found.compactMap { name.part($0, of: path.lastPart) }.max() ?? 0
        guard last == 0 || mayBeThere else {
            throw OutputFailure.isThereAlready(ByteText.text(name.path(base, part: last)))
        }
        return last
    }

    /// The parts in a folder that are behind those that were written, of the same files.
    func stale(in root: FilePath) -> [FilePath] {
        let folders = Dictionary(grouping: parts.keys) { Self.folder(FilePath(bytes: $0), in: root) }
        return folders.flatMap { folder, bases in
            let lasts = bases.map { ($0, FilePath(bytes: $0).lastPart) }
            let found = (try? Self.names(in: folder)) ?? []
            return found.filter { found in
                lasts.contains { base, last in name.part(found, of: last).map { $0 > parts[base]?.number ?? 0 } == true
                }
            }
            .map(folder.appending)
        }
    }

    private static func folder(_ path: FilePath, in root: FilePath) -> FilePath {
        let folder = path.directory.bytes
        return folder == [UInt8(ascii: ".")] ? root : root.appending(folder)
    }

    private static func names(in folder: FilePath) throws(OutputFailure) -> [[UInt8]] {
        guard folder.exists || errno != ENOENT && errno != ENOTDIR else { return [] }
        do throws(InputFailure) {
            let stream = try FolderStream(folder)
            var names: [[UInt8]] = []
            while let entry = try stream.next() { unsafe names.append(Array(entry.name)) }
            return names
        } catch {
            throw OutputFailure(folder.text, reason: error.reason, errorNumber: error.machineFault)
        }
    }
}
