/// Cuts what a program writes for the user into lines, and passes each on.
struct RelayedLines {
    private var line: [UInt8] = []
    private var isCut = false
    private let relay: @Sendable (String) -> Void
    /// The last line that was not blank.
    private(set) var last: String?

    /// The rest of a longer line is not shown.
    private static let longest = 4096

    init(relay: @escaping @Sendable (String) -> Void) {
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

    private mutating func endLine() {
        if line.last == 0x0D { line.removeLast() }
        let text = String(decoding: line, as: UTF8.self) + (isCut ? "…" : "")
        if text.contains(where: { !$0.isWhitespace }) {
            last = text
            relay(text)
        }
        line.removeAll(keepingCapacity: true)
        isCut = false
    }
}
