import Libc
import MHPipeKit
import Synchronization

/// How often calls of plugins that failed are made again, where the failure says that it may pass.
struct Retries: Sendable {
    /// What is waited before each further call.
    var pauses: [Duration] = (0..<8).map { .milliseconds(125 << $0) }

    private let tally = Tally()

    private final class Tally: Sendable {
        let made = Atomic(0)
        let failing = Atomic(0)
    }

    /// How many calls were made again so far.
    var made: Int { tally.made.load(ordering: .relaxed) }

    /// How many calls have failed, and are not made again yet, or have not succeeded since.
    var failing: Int { tally.failing.load(ordering: .relaxed) }

    /// Makes a call until it succeeds, fails for good, or nobody waits for it any more.
    ///
    /// - Parameters:
    ///   - isStopped: Asked ten times a second while it waits.
    ///   - work: The call.
    /// - Returns: What the call gives.
    /// - Throws: What the last call threw.
    func run<Result>(isStopped: () -> Bool, _ work: () throws -> Result) throws -> Result {
        var hasFailed = false
        defer { if hasFailed { tally.failing.wrappingSubtract(1, ordering: .relaxed) } }
        for pause in pauses {
            do {
                return try work()
            } catch let error as StageError where error.isRetryable {
                if !hasFailed { tally.failing.wrappingAdd(1, ordering: .relaxed) }
                hasFailed = true
                tally.made.wrappingAdd(1, ordering: .relaxed)
                guard Self.wait(pause, isStopped) else { throw error }
            }
        }
        return try work()
    }

    /// Waits; false when it was stopped.
    private static func wait(_ pause: Duration, _ isStopped: () -> Bool) -> Bool {
        let end = ContinuousClock.now + pause
        while !isStopped() {
            let left = end - ContinuousClock.now
            guard left > .zero else { return true }
            usleep(UInt32(min(left, .milliseconds(100)) / .microseconds(1)))
        }
        return false
    }
}

/// A unit that is opened again where that may help.
struct RetriedUnit: SourceUnit {
    let unit: any SourceUnit
    let retries: Retries
    let isStopped: @Sendable () -> Bool

    var name: String { unit.name }
    var id: UnitID { unit.id }
    var size: Int? { unit.size }
    var facts: UnitFacts { unit.facts }

    func open() throws -> any ByteStream { try retries.run(isStopped: isStopped) { try unit.open() } }
}
