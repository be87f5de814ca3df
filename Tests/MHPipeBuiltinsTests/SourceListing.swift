import MHPipeKit
import MHPipeTestSupport
import MHPipeTesting

/// What a source handed out and said.
struct SourceListing {
    var units: [any SourceUnit] = []
    var unreadable: [UnreadableInput] = []
    var warnings: [String] = []

    /// Makes a source and asks it for its units.
    init<S: Source>(_ type: S.Type, _ options: S.Options) throws {
        let warnings = Locked<[String]>([])
        let source = try S(options, PluginContext(stage: "logs") { text in warnings.withLock { $0.append(text) } })
        let list = try PulledUnits(source.list())
        (units, unreadable) = (list.units, list.unreadable)
        self.warnings = warnings.withLock { $0 }
    }

    var names: [String] { units.map(\.name) }
    var sizes: [Int?] { units.map(\.size) }

    /// The text of one unit.
    func text(_ index: Int) throws -> String {
        let stream = try units[index].open()
        var buffer = [UInt8](repeating: 0, count: 7)
        var bytes: [UInt8] = []
        while case let count = try buffer.withUnsafeMutableBytes({ try stream.read(into: $0) }), count > 0 {
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Decodes options as they would stand in a pipeline file, or gives the messages.
func decodeOptions<P: Plugin>(_ plugin: P.Type, _ entries: [String: ConfigNode]) -> (P.Options?, [String]) {
    var diagnostics: [Diagnostic] = []
    let options = OptionDecoder.decode(
        P.Options.self,
        entries.sorted { $0.key < $1.key }.map { ConfigEntry(key: $0.key, value: $0.value) },
        stage: StageLabel(kind: "source", plugin: P.name),
        diagnostics: &diagnostics
    )
    return (options, diagnostics.map(\.message))
}
