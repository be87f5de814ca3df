import Dispatch
import MHPipeTestSupport
import Synchronization
import Testing

@testable import MHPipeRuntime

/// Who waits for the sinks, and who does not.
///
/// A waiting thread asks `isNext` after every change. Each time is a signal to the test, which so knows what the thread
/// has seen and never sleeps.
@Suite(.timeLimit(.minutes(30))) struct ByteBudgetTests {
    /// A thread that waits for a budget.
    private final class Waiter: Sendable {
        private let asked = DispatchSemaphore(value: 0)
        private let done = Gate()
        private let isDone = Atomic(false)
        let isNext = Atomic(false)
        let isStopped = Atomic(false)

        init(_ budget: ByteBudget, sink: Int = 0, isNext: Bool = false) {
            self.isNext.store(isNext, ordering: .releasing)
            DispatchQueue(label: "waiter").async { [self] in
                budget.wait(
                    for: sink,
                    isNext: {
                        self.asked.signal()
                        return self.isNext.load(ordering: .acquiring)
                    },
                    isStopped: { self.isStopped.load(ordering: .acquiring) }
                )
                isDone.store(true, ordering: .releasing)
                done.open()
            }
        }

        /// Waits until the thread has looked at the budget so often since the last call.
        func hasAsked(_ times: Int = 1) -> Bool {
            (0..<times).allSatisfy { _ in asked.hasCome() }
        }

        /// Wakes the thread and sees it look again, which it does only while it waits.
        func stillWaits(_ budget: ByteBudget) -> Bool {
            budget.wake()
            return hasAsked() && !isDone.load(ordering: .acquiring)
        }

        func goesOn() throws { try done.pass() }
    }

    @Test func nobodyWaitsWhileThereIsRoom() throws {
        let budget = ByteBudget(limit: 100, sinks: 1)
        budget.hold(60)
        budget.queue(39, sink: 0, wereHeld: false)
        try Waiter(budget).goesOn()
        try Waiter(budget, isNext: true).goesOn()
    }

    @Test func aLaterUnitWaitsWhileTheBudgetIsFull() throws {
        let budget = ByteBudget(limit: 100, sinks: 1)
        budget.hold(60)
        budget.queue(40, sink: 0, wereHeld: false)
        let later = Waiter(budget)
        #expect(later.hasAsked())
        #expect(later.stillWaits(budget))
        budget.release(1, sink: 0)
        try later.goesOn()
    }

    @Test func theNextInLineDoesNotWaitForWhatIsHeld() throws {
        let budget = ByteBudget(limit: 100, sinks: 1)
        budget.hold(1000)
        let later = Waiter(budget)
        #expect(later.hasAsked())
        try Waiter(budget, isNext: true).goesOn()
        #expect(later.stillWaits(budget))
        later.isStopped.store(true, ordering: .releasing)
        budget.wake()
        try later.goesOn()
    }

    @Test func aUnitThatBecomesTheNextGoesOn() throws {
        let budget = ByteBudget(limit: 100, sinks: 1)
        budget.hold(1000)
        let later = Waiter(budget)
        #expect(later.hasAsked())
        #expect(later.stillWaits(budget))
        later.isNext.store(true, ordering: .releasing)
        budget.wake()
        try later.goesOn()
    }

    @Test func theNextInLineWaitsForItsOwnSinkOnly() throws {
        let budget = ByteBudget(limit: 100, sinks: 2)
        budget.queue(100, sink: 0, wereHeld: false)
        try Waiter(budget, sink: 1, isNext: true).goesOn()
        let first = Waiter(budget, sink: 0, isNext: true)
        #expect(first.hasAsked())
        #expect(first.stillWaits(budget))
        budget.release(100, sink: 0)
        try first.goesOn()
    }

    @Test func whatWasHeldCountsForItsSinkOnceItIsPassedOn() throws {
        let budget = ByteBudget(limit: 100, sinks: 2)
        budget.hold(100)
        budget.queue(100, sink: 0, wereHeld: true)
        try Waiter(budget, sink: 1).goesOn()
        let later = Waiter(budget, sink: 0)
        #expect(later.hasAsked())
        budget.release(100, sink: 0)
        try later.goesOn()
    }

    @Test func stoppingWakesAll() throws {
        let budget = ByteBudget(limit: 1, sinks: 1)
        budget.hold(1)
        budget.queue(1, sink: 0, wereHeld: false)
        let waiters = [Waiter(budget), Waiter(budget, isNext: true), Waiter(budget)]
        for waiter in waiters {
            #expect(waiter.hasAsked())
            waiter.isStopped.store(true, ordering: .releasing)
        }
        budget.wake()
        for waiter in waiters { try waiter.goesOn() }
    }
}
