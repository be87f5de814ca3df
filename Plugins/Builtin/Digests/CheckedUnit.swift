import MHPipeDigests
import MHPipeIO
import MHPipeKit

/// A unit that can be opened twice.
protocol RereadUnit: SourceUnit {
    /// True when two streams of it are of the same bytes, as far as that can be told.
    func isSame(_ first: any ByteStream, _ second: any ByteStream) -> Bool
}

/// A log file that is held against the digest files before its first record is handed on.
///
/// It is read into memory for that; a large one is read twice.
struct CheckedUnit<Unit: RereadUnit>: SourceUnit {
    private final class Finding: Sendable {
        let integrity = Locked<LogIntegrity?>(nil)
    }

    fileprivate let unit: Unit
    private let object: ObjectAddress?
    private let trail: TrailIntegrity
    private let finding = Finding()

    /// Files that are larger are read twice.
    private let mostBytesKept: Int

    init(_ unit: Unit, _ object: ObjectAddress?, _ trail: TrailIntegrity, mostBytesKept: Int = 64 << 20) {
        (self.unit, self.object, self.trail, self.mostBytesKept) = (unit, object, trail, mostBytesKept)
    }

    var name: String { unit.name }
    var id: UnitID { unit.id }
    var size: Int? { unit.size }

    var facts: UnitFacts {
        var facts = unit.facts
        facts.column = finding.integrity.withLock { $0 }.map {
            UnitFacts.Column(TrailIntegrity.key, json: "\"\($0.rawValue)\"")
        }
        return facts
    }

    func prepare() { unit.prepare() }

    func open() throws -> any ByteStream {
        guard let size = unit.size, size <= mostBytesKept else {
            let verified = try unit.open()
            try note(try trail.integrity(of: object) { verified })
            let stream = try unit.open()
            guard unit.isSame(verified, stream) else {
                throw StageError("it was changed after it was verified, and before it was read")
            }
            return stream
        }
        let bytes = try StoredBytes(unit.open(), size)
        if let object, DigestKey(object.key) != nil, try trail.isDigest(StoredBytes.Stream(bytes)) {
            // No digest file lists one, and it holds no events that could be doubted.
            finding.integrity.withLock { $0 = .unlisted }
            return StoredBytes.Stream(bytes)
        }
        try note(try trail.integrity(of: object) { StoredBytes.Stream(bytes) })
        return StoredBytes.Stream(bytes)
    }

    private func note(_ integrity: LogIntegrity) throws {
        finding.integrity.withLock { $0 = integrity }
        if trail.mode == .warn { return trail.note(integrity, of: name) }
        guard integrity != .verified else { return }
        var error = StageError(integrity.words)
        if trail.mode == .fail {
            error.message = "'\(name)' is not verified: \(error.message)"
            error.advice = "with `verify_digests: quarantine` the other files are read"
            error.endsRun = true
        }
        throw error
    }
}

extension CheckedUnit: FileBacked where Unit: FileBacked {
    var file: FileReference? { unit.file }
}

extension CheckedUnit: ListableUnit where Unit: ListableUnit {
    var listedName: ListedName? { unit.listedName }
}

extension FileUnit: RereadUnit {
    /// What is written into a file without a sign of it is not found.
    func isSame(_ first: any ByteStream, _ second: any ByteStream) -> Bool {
        guard let before = (first as? Stream)?.status, let after = (second as? Stream)?.status else { return false }
        return before.identity == after.identity && before.size == after.size && before.modified == after.modified
            && before.statusChanged == after.statusChanged
    }
}
