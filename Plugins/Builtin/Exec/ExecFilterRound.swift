import MHPipeKit

/// The events that a program works on before it ends, and what it has left of them.
struct ExecFilterRound {
    private var events: [HeldEvent] = []
    private let sent = OutputBuffer()
    /// Where each event's line begins, and where the last ends.
    private var starts = [0]

    private static let id = FieldPath("eventID")

    init() {}

    var isEmpty: Bool { events.isEmpty }
    var count: Int { events.count }
    var byteCount: Int { sent.count }

    var held: [Event] { events.map(\.event) }

    /// The events as the program reads them.
    var lines: UnsafeBufferPointer<UInt8> { unsafe sent.bytes }

    mutating func append(_ event: Event) {
        let held = event.held()
        events.append(held)
        sent.append(held.event.enrichedJSON)
        sent.append(0x0A)
        starts.append(sent.count)
    }

    /// Passes on the events whose lines were written, and drops the others.
    ///
    /// A line is the next event that has exactly its bytes, or else the next that has its `eventID`, and then it is what
    /// the event is from now on.
    ///
    /// - Throws: `ExecFailure` for a line that is neither; nothing was passed on then.
    func match(_ text: ReceivedText, into output: EventOutput) throws(ExecFailure) {
        var answers: [Int: Int?] = [:]
        var next = 0
        let bytes = Places(events.indices.map { unsafe Array(line($0)) })
        lazy var ids = Places(events.map { $0.event[Self.id]?.string })
        for number in text.ends.indices {
            let answer = unsafe Array(text.line(number))
            guard answer.contains(where: { $0 > 0x20 }), answer != Array("null".utf8) else { continue }
            if let event = bytes.first(answer, from: next) {
                answers[event] = .some(nil)
                next = event + 1
            } else if let id = JSONValue.checked(answer)?["eventID"]?.string, let event = ids.first(id, from: next) {
                answers[event] = number
                next = event + 1
            } else {
                throw unknown(answer, isEarlier: bytes.first(answer, from: 0) != nil)
            }
        }
        for (number, event) in events.enumerated() {
            switch answers[number] {
            case nil: output.drop(event)
            case .some(nil): output.emit(event)
            case .some(.some(let answer)):
                let json = unsafe Array(text.line(answer))
                let isEvent = output.emit(json: String(decoding: json, as: UTF8.self), inPlaceOf: event)
                guard isEvent else { throw unknown(json, isEarlier: false) }
            }
        }
    }

    private func line(_ number: Int) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(rebasing: sent.bytes[starts[number]..<starts[number + 1] - 1])
    }

    private func unknown(_ answer: [UInt8], isEarlier: Bool) -> ExecFailure {
        ExecFailure(
            isEarlier
                ? "writes events twice, or in another order: \(answer.excerpt)"
                : "writes a line that is none of the events it was given: \(answer.excerpt)",
            advice:
                "with `filter: true` a line is an event as it was, or changed but for its eventID, in the same order",
            isFinal: true
        )
    }

    /// Where each of some values is, in rising order.
    private struct Places<Value: Hashable> {
        private var places: [Value: [Int]] = [:]

        init(_ values: [Value?]) {
            for (place, value) in values.enumerated() {
                if let value { places[value, default: []].append(place) }
            }
        }

        /// The first place of a value that is not before another place.
        func first(_ value: Value, from start: Int) -> Int? {
            guard let places = places[value] else { return nil }
            var (low, high) = (0, places.count)
            while low < high {
                let middle = (low + high) / 2
                if places[middle] < start { low = middle + 1 } else { high = middle }
            }
            return low < places.count ? places[low] : nil
        }
    }
}
