import MHPipeKit

/// The ports that a transform sends an event to depend on nothing but the event.
struct RoutingTransformConformance<T: RoutingTransform> {
    let sample: PluginSample
    let records: [String]
    private(set) var findings = Findings()

    init(sample: PluginSample, records: [String]) {
        self.sample = sample
        self.records = records
    }

    mutating func check() throws {
        let options = try sample.decode(T.self, .transform, folder: "")
        let ports = T.ports(options)
        findings.expect(!ports.isEmpty, "it has no ports")
        findings.expect(Set(ports).count == ports.count, "two ports have one name: \(ports)")
        for port in ports { findings.expect(Self.isName(port), "the port '\(port)' cannot be named in `inputs`") }
        guard findings.texts.isEmpty else { return }
        var transform = try T(options, PluginContext(stage: "test"))
        let whole = try run(&transform, records, ports.count)
        var single = Array(repeating: [String](), count: ports.count)
        for record in records {
            for (port, lines) in try run(&transform, [record], ports.count).enumerated() { single[port] += lines }
        }
        findings.expect(single == whole, "batches of one record give something else")
        findings.expect(try run(&transform, [], ports.count).joined().isEmpty, "a batch without records gives some")
        var fresh = try T(options, PluginContext(stage: "test"))
        findings.expect(
            try run(&fresh, records, ports.count) == whole,
            "an instance that was used gives something else than a new one"
        )
    }

    private func run(_ transform: inout T, _ records: [String], _ ports: Int) throws -> [[String]] {
        let batch = EventBatch(records: records)
        let outputs = PortOutputs(ports: ports)
        try transform.process(batch, into: outputs)
        return outputs.take(of: batch).map { batch in
            let output = OutputBuffer()
            JSONLines().append(batch, to: output)
            return unsafe String(decoding: output.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    /// True for the names that stages may have.
    private static func isName(_ name: String) -> Bool {
        name.first?.isLetter == true
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }
    }
}
