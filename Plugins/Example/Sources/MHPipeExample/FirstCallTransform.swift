import MHPipeKit

/// Keeps the first call of each name in each account, and drops the others.
struct FirstCallTransform: OrderedTransform {
    static let name = "first_call"
    static let summary = "Keeps the first call of each name in each account."

    private let fields = [FieldPath("recipientAccountId"), FieldPath("eventName")]
    private var seen: Set<String> = []

    init(_ options: NoOptions, _ context: PluginContext) {}

    static func adds(_ options: NoOptions) -> [EventField]? { [] }

    mutating func process(_ batch: EventBatch, into output: EventOutput) {
        batch.keep(as: .duplicate) { seen.insert(key(of: $0)).inserted }
        output.pass(batch)
    }

    func save(into state: OutputBuffer) {
        state.append("\(seen.count)\n")
        for key in seen.sorted() { state.append(key + "\n") }
    }

    mutating func restore(_ state: Span<UInt8>) throws {
        let bytes = state.indices.map { state[$0] }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        // The count before them and the end behind them tell that they are all there.
        guard lines.count > 1, lines.last == "", Int(lines[0]) == lines.count - 2 else {
            throw StageError("the state of 'first_call' is not what it has saved")
        }
        seen = Set(lines[1...].dropLast().map(String.init))
    }

    /// The JSON texts of both fields; there are no line ends in that of a string.
    private func key(of event: Event) -> String {
        fields.map { field in
            guard let value = event[field], value.kind == .string else { return "-" }
            return value.json
        }.joined(separator: " ")
    }
}
