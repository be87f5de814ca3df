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
    mutating func next(_ base: [UInt8], text: Int) -> [UInt8] {
        let stretch = if case .seconds(let seconds) = rotation.limit { clock() / seconds } else { 0 }
        var part = parts[base] ?? Part(stretch: stretch)
        let isFull =
            if case .text(let most) = rotation.limit { part.text + text > most } else { stretch != part.stretch }
        if isFull, part.text > 0 { part = Part(number: part.number + 1, stretch: stretch) }
        part.text += text
        parts[base] = part
        return name.path(base, part: part.number)
    }

    /// The parts in a folder that are behind those that were written, of the same files.
    func stale(in root: FilePath) -> [FilePath] {
        let folders = Dictionary(grouping: parts.keys) { FilePath(bytes: $0).directory }
        return folders.flatMap { folder, bases in
            let place = folder.bytes == [UInt8(ascii: ".")] ? root : root.appending(folder.bytes)
            let names = bases.map { ($0, FilePath(bytes: $0).lastPart) }
            var stale: [FilePath] = []
            guard let stream = try? FolderStream(place) else { return stale }
            while let entry = try? stream.next() {
                let found = unsafe Array(entry.name)
                let isStale = names.contains { base, last in
                    name.part(found, of: last).map { $0 > parts[base]?.number ?? 0 } == true
                }
                if isStale { stale.append(place.appending(found)) }
            }
            return stale
        }
    }
}
