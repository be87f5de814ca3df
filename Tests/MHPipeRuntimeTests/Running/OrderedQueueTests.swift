import MHPipeKit
import Dispatch
import MHPipeTestSupport
import Synchronization
import Testing

@testable import MHPipeRuntime

/// Elements come out in the order of the units, whatever the order in which they go in.
@Suite(.timeLimit(.minutes(30))) struct OrderedQueueTests {
    /// One thing a worker does for a unit.
    private enum Action: Sendable {
        case submit(String)
        case finish
    }

    private final class Delivered: Sendable {
        let elements = Locked<[String]>([])
        let held = Locked<[String]>([])
        let heldOnQueue = Locked<[String]>([])

        func queue(_ label: String = "test") -> OrderedQueue<String> {
            OrderedQueue(
                label: label,
                onHold: { [self] element in held.withLock { $0.append(element) } },
                onQueue: { [self] element, wasHeld in
                    if wasHeld { heldOnQueue.withLock { $0.append(element) } }
                },
                deliver: { [self] element in elements.withLock { $0.append(element) } }
            )
        }
    }

    @Test func everyInterleavingOfThreeUnitsComesOutInOrder() {
        let units: [[Action]] = [
            [.submit("0a"), .submit("0b"), .finish], [.submit("1a"), .finish], [.submit("2a"), .submit("2b"), .finish],
        ]
        let interleavings = Self.interleavings(units.map(\.count))
        #expect(interleavings.count == 560)
        for interleaving in interleavings {
            let delivered = Delivered()
            let queue = delivered.queue()
            var next = [0, 0, 0]
            for unit in interleaving {
                switch units[unit][next[unit]] {
                case .submit(let element): queue.submit(element, unit: unit)
                case .finish: queue.finish(unit: unit)
                }
                next[unit] += 1
            }
            queue.sync {}
            #expect(delivered.elements.withLock { $0 } == ["0a", "0b", "1a", "2a", "2b"], "\(interleaving)")
            #expect(delivered.held.withLock { $0.sorted() } == delivered.heldOnQueue.withLock { $0 })
        }
    }

    @Test func aLaterUnitIsHeldUntilTheOneBeforeItIsFinished() {
        let delivered = Delivered()
        let queue = delivered.queue()
        // worker of unit 0         worker of unit 1
        #expect(queue.isNext(0) && !queue.isNext(1))
        /*                       */ queue.submit("1a", unit: 1)
        /*                       */ queue.finish(unit: 1)
        queue.sync {}
        #expect(delivered.elements.withLock { $0 } == [])
        queue.submit("0a", unit: 0)
        queue.sync {}
        #expect(delivered.elements.withLock { $0 } == ["0a"])
        queue.finish(unit: 0)
        queue.sync {}
        #expect(delivered.elements.withLock { $0 } == ["0a", "1a"])
        #expect(delivered.held.withLock { $0 } == ["1a"])
        #expect(queue.isNext(2))
    }

    @Test func aUnitThatBecomesTheNextGoesThroughAtOnce() throws {
        let delivered = Delivered()
        let queue = delivered.queue()
        let (isHeld, isNext) = (Gate(), Gate())
        let second = DispatchQueue(label: "worker 1")
        let done = DispatchGroup()
        // worker of unit 0         worker of unit 1
        second.async(group: done) { /**/ queue.submit("1a", unit: 1) }
        second.async(group: done) { /**/ isHeld.open() }
        try isHeld.pass()
        queue.submit("0a", unit: 0)
        queue.finish(unit: 0)
        isNext.open()
        second.async(group: done) {
            /*                   */ guard (try? isNext.pass()) != nil else { return }
            /*                   */ queue.submit("1b", unit: 1)
            /*                   */ queue.finish(unit: 1)
        }
        done.wait()
        queue.sync {}
        #expect(delivered.elements.withLock { $0 } == ["0a", "1a", "1b"])
        #expect(delivered.heldOnQueue.withLock { $0 } == ["1a"])
    }

    @Test func lightElementsGoThroughTogether() {
        let delivered = Locked<[[String]]>([])
        let queue = OrderedQueue<String>(
            label: "test",
            batchWeight: 4,
            weight: \.count,
            deliver: { element in delivered.withLock { $0[$0.count - 1].append(element) } }
        )
        // Whatever reaches the serial queue by now lands in the newest list.
        func step(_ work: () -> Void) {
            delivered.withLock { $0.append([]) }
            work()
        }
        step { queue.submit("aa", unit: 0) }
        step { queue.submit("b", unit: 0) }
        step {
            queue.submit("c", unit: 0)
            queue.sync {}
        }
        step { queue.submit("later", unit: 1) }
        step { queue.submit("d", unit: 0) }
        step { queue.sync {} }
        step {
            queue.finish(unit: 0)
            queue.sync {}
        }
        #expect(delivered.withLock { $0 } == [[], [], ["aa", "b", "c"], [], [], ["d"], ["later"]])
    }

    @Test(arguments: [2, 4, 8])
    func manyThreadsKeepTheOrder(threads: Int) {
        let delivered = Delivered()
        let queue = delivered.queue()
        let next = Atomic(0)
        let units = 2000
        let group = DispatchGroup()
        for thread in 0..<threads {
            DispatchQueue(label: "worker \(thread)").async(group: group) {
                while case let unit = next.wrappingAdd(1, ordering: .relaxed).oldValue, unit < units {
                    for element in 0..<unit % 4 { queue.submit("\(unit).\(element)", unit: unit) }
                    queue.finish(unit: unit)
                }
            }
        }
        group.wait()
        queue.sync {}
        let expected = (0..<units).flatMap { unit in (0..<unit % 4).map { "\(unit).\($0)" } }
        #expect(delivered.elements.withLock { $0 } == expected)
    }

    /// All orders in which things can be done that come in several rows, each row in its own order.
    private static func interleavings(_ lengths: [Int]) -> [[Int]] {
        guard lengths.contains(where: { $0 > 0 }) else { return [[]] }
        return lengths.indices.filter { lengths[$0] > 0 }.flatMap { first in
            var rest = lengths
            rest[first] -= 1
            return interleavings(rest).map { [first] + $0 }
        }
    }
}
