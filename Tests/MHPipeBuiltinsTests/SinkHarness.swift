import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

/// Drives a sink as the runtime does, without one.
enum SinkHarness {
    /// Makes a sink of options as a pipeline file gives them.
    static func make<S: Sink>(
        _ type: S.Type,
        _ options: KeyValuePairs<String, WrittenOption>,
        addedKeys: Set<String> = [],
        keptServices: Set<String>? = nil
    ) throws -> S {
        try make(type, options.map { ($0.key, $0.value) }, addedKeys: addedKeys, keptServices: keptServices)
    }

    /// Makes a sink of options in a list.
    static func make<S: Sink>(
        _ type: S.Type,
        _ options: [(String, WrittenOption)],
        addedKeys: Set<String> = [],
        keptServices: Set<String>? = nil
    ) throws -> S {
        var diagnostics: [Diagnostic] = []
        let entries = options.map { ConfigEntry(key: $0.0, value: $0.1.node) }
        let label = StageLabel(kind: "sink", plugin: S.name)
        let decoded = OptionDecoder.decode(S.Options.self, entries, stage: label, diagnostics: &diagnostics)
        #expect(diagnostics == [])
        var context = PluginContext(stage: "test")
        context.addedKeys = addedKeys
        context.addedFields = AddedFields()
        context.keptServices = keptServices
        return try S(try #require(decoded), context)
    }

    /// Runs a sink over units of work to its commit; `count` workers take turns.
    static func run<S: Sink>(_ sink: S, _ units: [[EventBatch]], encoders count: Int = 2) throws {
        var sink = sink
        try sink.open()
        do {
            try write(units, to: &sink, encoders: count)
            try sink.finish()
            try sink.commit()
        } catch {
            sink.abort()
            throw error
        }
    }

    /// Encodes and writes units of work.
    static func write<S: Sink>(_ units: [[EventBatch]], to sink: inout S, encoders count: Int = 2) throws {
        var encoders = try (0..<count).map { _ in try sink.makeEncoder() }
        let outputs = (0..<count).map { _ in OutputBuffer() }
        for (number, unit) in units.enumerated() {
            let worker = number % count
            outputs[worker].removeAll()
            for batch in unit { try encoders[worker].encode(batch, into: outputs[worker]) }
            try encoders[worker].finishUnit(into: outputs[worker])
            try sink.write(outputs[worker].bytes)
        }
    }
}

/// An option's value as it is written in a pipeline file.
enum WrittenOption: ExpressibleByStringLiteral {
    case text(String)
    case list([String])

    init(stringLiteral value: String) { self = .text(value) }

    var node: ConfigNode {
        switch self {
        case .text(let text): ConfigNode(.text(text))
        case .list(let texts): ConfigNode(.list(texts.map { ConfigNode(.text($0)) }))
        }
    }
}

extension TemporaryDirectory {
    /// The names in the folder, hidden ones too, in order.
    var names: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: path(""))
        return (names ?? []).sorted()
    }

    /// The text of a file.
    func text(_ name: String) throws -> String {
        String(decoding: try read(name), as: UTF8.self)
    }
}
