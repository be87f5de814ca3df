import MHPipeKit
import Dispatch

/// Workers that are imitated: threads that do the same work at once.
enum Workers {
    /// Does some work on as many threads, with a number from 0 for each.
    ///
    /// - Throws: What the first of them threw.
    static func run(_ count: Int, _ work: @Sendable (Int) throws -> Void) throws {
        let failure = Locked<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: count) { number in
            do {
                try work(number)
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }
}

/// Something that one worker alone uses.
final class OneThread<Value>: @unchecked Sendable /* each worker has its own */ {
    var value: Value

    init(_ value: Value) {
        self.value = value
    }
}
