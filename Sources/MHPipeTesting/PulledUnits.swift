import Dispatch
public import MHPipeKit

/// What a list hands out, pulled to its end.
public struct PulledUnits {
    /// The units, in order.
    public private(set) var units: [any SourceUnit] = []
    /// What cannot be read.
    public private(set) var unreadable: [UnreadableInput] = []
    /// What a list may not do, and this one did.
    public private(set) var mistakes: [String] = []

    /// One that waits for what never comes is pulled so often.
    private static let mostWaits = 20
    /// And no longer waited for than this.
    private static let longestWait = Duration.milliseconds(50)

    /// Pulls all units; of a list that has no end, those until it has answered `notYet` twenty times in a row.
    ///
    /// - Parameter list: The list, before its first unit.
    /// - Throws: What the list throws.
    public init(_ list: any UnitList) throws {
        var waits = 0
        while waits < Self.mostWaits {
            switch try list.next() {
            case .unit(let unit):
                units.append(unit)
                waits = 0
            case .unreadable(let input):
                unreadable.append(input)
                waits = 0
            case .notYet(let time):
                if time < .zero { mistakes.append("asks for a wait of \(time)") }
                waits += 1
                let wait = min(max(time, .zero), Self.longestWait)
                _ = DispatchSemaphore(value: 0)
                    .wait(timeout: .now() + .microseconds(Int(wait.components.attoseconds / 1_000_000_000_000)))
            case .end:
                checkEnd(of: list)
                return
            }
        }
    }

    private mutating func checkEnd(of list: any UnitList) {
        for _ in 0..<2 {
            guard case .end? = try? list.next() else {
                mistakes.append("goes on after its end")
                return
            }
        }
        guard let total = list.total else { return }
        if total.units != units.count {
            mistakes.append("says that there are \(total.units) units, and hands out \(units.count)")
        }
        let sizes = units.compactMap(\.size)
        if let bytes = total.bytes, sizes.count != units.count || bytes != sizes.reduce(0, +) {
            mistakes.append("says that its units have \(bytes) bytes, and they say otherwise")
        }
    }
}
