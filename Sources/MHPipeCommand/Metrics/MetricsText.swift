/// Text for Prometheus, in its exposition format, version 0.0.4.
struct MetricsText {
    /// What a family of values is.
    enum Kind: String {
        /// Goes up only, until the process ends.
        case counter
        /// Goes up and down.
        case gauge
    }

    /// A value, and what tells it from others of its family.
    struct Sample {
        var labels: [(name: String, value: String)] = []
        var value: Double
    }

    /// The type of the content in HTTP.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// Adds a family with one value.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        add(name, kind, help, [Sample(value: value)])
    }

    /// The same for a whole number.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        add(name, kind, help, Double(value))
    }

    /// Adds a family; one without values is left out.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(Self.escaped(help, quote: false))\n# TYPE \(name) \(kind)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value, quote: true))\"" }
            text +=
                name + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") + " \(Self.number(sample.value))\n"
        }
    }

    /// Digits without an exponent where it is a whole number, as people read it.
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf" }
        return Int(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ text: String, quote: Bool) -> String {
        let text = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return quote ? text.replacing("\"", with: "\\\"") : text
    }
}
