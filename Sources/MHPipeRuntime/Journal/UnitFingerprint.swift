import MHPipeIO
import MHPipeKit

/// Tells units and their contents apart: 16 bytes of a hash of the source's name, the unit's name and its version.
final class UnitFingerprint {
    /// The bytes of a fingerprint.
    static let count = 16

    private let hash: SHA256

    init() throws {
        hash = try SHA256()
    }

    /// The fingerprint of a unit of a source.
    func of(_ unit: UnitID, of source: String) -> [UInt8] {
        // No name holds a NUL, so that no two units give the same text.
        hash.update(Array(source.utf8) + [0] + unit.name + [0] + Array((unit.version ?? "").utf8))
        return Array(hash.finish().prefix(Self.count))
    }
}
