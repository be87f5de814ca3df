import MHPipeKit

extension ExecFilterRound {
    /// Writes down what is held: for each event a line that says where it was read, and one with the event.
    func save(into state: OutputBuffer) {
        for event in held {
            for text in [event.origin.source, event.origin.unit] {
                var escaped: [UInt8] = []
                JSONText.escape(text.utf8, into: &escaped)
                state.append(escaped)
                state.append(0x09)
            }
            state.append("\(event.number)\n\(event.enrichedJSON)\n")
        }
        state.append("\(count) held\n")
    }

    /// Takes over what another round has written down.
    init(restoring state: Span<UInt8>) throws {
        let damage = StageError("the state of 'exec' was cut short, or is not its own")
        let text = unsafe state.withUnsafeBufferPointer { unsafe Array($0) }
        var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty == true, let last = lines.popLast(), lines.count % 2 == 0,
            last.elementsEqual("\(lines.count / 2) held".utf8)
        else { throw damage }
        self.init()
        let builder = BatchBuilder()
        for place in stride(from: 0, to: lines.count, by: 2) {
            let parts = lines[place].split(separator: 0x09, omittingEmptySubsequences: false).map { part in
                unsafe part.withUnsafeBufferPointer { unsafe JSONText.decode($0) }
            }
            guard parts.count == 3, let number = Int(parts[2]) else { throw damage }
            let json = String(decoding: lines[place + 1], as: UTF8.self)
            let origin = EventOrigin(source: parts[0], unit: parts[1])
            guard builder.append(json: json, origin: origin, number: number) else { throw damage }
        }
        for event in builder.build() { append(event) }
    }
}
