/// Cuts what a program writes for the user into lines, and passes each on.
struct RelayedLines {
    private var line: [UInt8] = []
    private var isCut = false
    /// The lines that are kept back; nil once each is passed on as it comes.
    private var held: [String]?
    private let relay: @Sendable (String) -> Void
    /// The last line that was not blank.
    private(set) var last: String?

    /// The rest of a longer line is not shown.
    private static let longest = 4096
    /// More lines than this are not kept back.
    private static let mostHeld = 40

    /// Begins without a line.
    ///
    /// - Parameters:
    ///   - isHeld: True to keep lines back until `release` or `takeHeld`.
    ///   - relay: Takes the lines.
    init(isHeld: Bool = false, relay: @escaping @Sendable (String) -> Void) {
        held = isHeld ? [] : nil
        self.relay = relay
    }

    mutating func append(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == 0x0A {
                endLine()
            } else if line.count < Self.longest {
                line.append(byte)
            } else {
                isCut = true
            }
        }
    }

    /// Passes on a last line without a line end.
    mutating func finish() {
        if !line.isEmpty { endLine() }
    }

    /// Passes on what was kept back, and all that comes.
    mutating func release() {
        held?.forEach(relay)
        held = nil
    }

    /// Hands out what was kept back, which is not passed on then.
    mutating func takeHeld() -> [String] {
        finish()
        defer { held = held.map { _ in [] } }
        return held ?? []
    }

    private mutating func endLine() {
        if line.last == 0x0D { line.removeLast() }
        let text = String(decoding: line, as: UTF8.self) + (isCut ? "…" : "")
        if text.contains(where: { !$0.isWhitespace }) {
            last = text
            if held == nil { relay(text) } else { held?.append(text) }
            if let held, held.count > Self.mostHeld { release() }
        }
        line.removeAll(keepingCapacity: true)
        isCut = false
    }
}
