import MHPipeKit

/// Keeps the first of the events that have the same number in their file.
struct FirstOfNumber: OrderedTransform {
    static let name = "first_of_number"
    static let summary = "Keeps the first of the events that have the same number in their file."

    private var seen: Set<Int> = []

    init(_ options: NoOptions, _ context: PluginContext) {}

    mutating func process(_ batch: EventBatch, into output: EventOutput) {
        batch.keep(as: .duplicate) { seen.insert($0.number).inserted }
        output.pass(batch)
    }

    func save(into state: OutputBuffer) {
        for number in seen.sorted() { state.append("\(number) ") }
        state.append("end")
    }

    mutating func restore(_ state: Span<UInt8>) throws {
        let words = state.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }.split(separator: " ")
        guard words.last == "end" else { throw StageError("the state was cut short") }
        seen = Set(words.compactMap { Int($0) })
    }
}

/// Holds all events, and gives them in the reversed order at the end.
struct Reversal: OrderedTransform {
    static let name = "reversal"
    static let summary = "Gives all events in the reversed order."

    private var held: [HeldEvent] = []

    init(_ options: NoOptions, _ context: PluginContext) {}

    mutating func process(_ batch: EventBatch, into output: EventOutput) {
        held += batch.map { $0.held() }
    }

    mutating func finish(into output: EventOutput) {
        for event in held.reversed() { output.emit(event) }
        held = []
    }

    func save(into state: OutputBuffer) {}
    func restore(_ state: Span<UInt8>) {}
}

/// Counts the events, and makes one that says how many there were.
struct Tally: OrderedTransform {
    static let name = "tally"
    static let summary = "Makes an event that says how many there were."

    private var count = 0

    init(_ options: NoOptions, _ context: PluginContext) {}

    mutating func process(_ batch: EventBatch, into output: EventOutput) {
        count += batch.count
        batch.keep(as: .consumed) { _ in false }
    }

    mutating func finish(into output: EventOutput) throws {
        try output.emit(json: #"{"events":\#(count)}"#, origin: EventOrigin(source: "tally", unit: "tally"))
    }

    func save(into state: OutputBuffer) {}
    func restore(_ state: Span<UInt8>) {}
}

/// Does what a mistaken author would: loses events, or gives them twice.
struct Mistaken: OrderedTransform {
    static let name = "mistaken"
    static let summary = "Loses events, or gives them twice."

    struct Options: PluginOptions {
        var times = 0
        static let all: [Option<Options>] = [.optional("times", \.times, "How often each event goes on.")]
    }

    private let times: Int

    init(_ options: Options, _ context: PluginContext) {
        times = options.times
    }

    func process(_ batch: EventBatch, into output: EventOutput) {
        for _ in 0..<times { output.pass(batch) }
    }

    func save(into state: OutputBuffer) {}
    func restore(_ state: Span<UInt8>) {}
}

/// Sends events to `even` and `odd` by their number, and every third to `both` as well; the number 7 goes nowhere.
struct ByNumber: RoutingTransform {
    static let name = "by_number"
    static let summary = "Sends events to ports by their number."

    init(_ options: NoOptions, _ context: PluginContext) {}

    static func ports(_ options: NoOptions) -> [String] { ["even", "odd", "both"] }

    func process(_ batch: EventBatch, into outputs: PortOutputs) {
        // Backwards, since the order of the calls makes no difference.
        for event in Array(batch).reversed() where event.number != 7 {
            outputs.send(event, to: event.number % 2)
            if event.number % 3 == 0 { outputs.send(event, to: 2) }
        }
    }
}
