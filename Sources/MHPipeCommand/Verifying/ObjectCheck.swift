import Libc
import MHPipeIO
import MHPipeKit

/// What an object of a bucket is now, held against what a manifest says of it.
///
/// It is read as the source of that name reads it, with what the environment says of credentials and the server.
struct ObjectCheck: ContentCheck {
    let url: String
    let bytes: Int
    /// Nil where there is nothing to compare with.
    let sha256: String?
    let plugins: PluginRegistry

    private static let plugin = "s3"
    private static let pieceBytes = 1 << 20

    func find() -> FileCheck.Finding {
        guard let sha256 else { return .untold }
        do {
            guard let type = plugins.source(Self.plugin) else {
                return .different("unreadable", detail: "there is no source '\(Self.plugin)' that reads it")
            }
            guard let unit = try unit(of: type) else { return .different("missing", detail: nil) }
            let digest = try Self.digest(of: unit)
            guard digest.bytes == bytes else {
                let detail = "\(Readable.count(digest.bytes, "byte")), where it had \(bytes)"
                return .different(digest.bytes < bytes ? "truncated" : "longer", detail: detail)
            }
            guard Hexadecimal.text(digest.sha256) == sha256 else {
                return .different("changed", detail: "as long as it was, with other bytes")
            }
            return .same
        } catch let error as StageError {
            return .different("unreadable", detail: error.message)
        } catch {
            return .different("unreadable", detail: "\(error)")
        }
    }

    /// The object, as the source finds it; nil when it is not there.
    private func unit<S: Source>(of type: S.Type) throws -> (any SourceUnit)? {
        var mistakes: [Diagnostic] = []
        let entries = [ConfigEntry(key: "url", value: ConfigNode(.text(url)))]
        let label = StageLabel(kind: "source", plugin: S.name)
        guard let options = OptionDecoder.decode(S.Options.self, entries, stage: label, diagnostics: &mistakes) else {
            throw StageError(mistakes.first?.message ?? "it cannot be read")
        }
        let list = try type.init(options, PluginContext(stage: S.name)).list()
        while true {
            switch try list.next() {
            case .unit(let unit): if unit.name == url { return unit }
            case .unreadable(let input): if input.name == url { throw StageError(input.reason) }
            case .notYet(let pause): usleep(UInt32(pause / .microseconds(1)))
            case .end: return nil
            }
        }
    }

    private static func digest(of unit: any SourceUnit) throws -> FileDigest {
        let stream = try unit.open()
        let hash = try SHA256()
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceBytes, alignment: 64)
        defer { unsafe piece.deallocate() }
        var bytes = 0
        while true {
            let count = try unsafe stream.read(into: piece)
            if count == 0 { return FileDigest(sha256: hash.finish(), bytes: bytes) }
            unsafe hash.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
            bytes += count
        }
    }
}
