import Dispatch
import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeDigests

/// Objects are asked for before somebody reads them, so far ahead as the store says.
@Suite(.timeLimit(.minutes(30))) struct ReadAheadTests {
    @Test(arguments: [(1, 0), (1, 5), (3, 2), (8, 32), (64, 0)], CountingStore.Delivery.allCases)
    func asksForEachOnceAndNotTooFarAhead(_ most: (threads: Int, readAhead: Int), _ delivery: CountingStore.Delivery)
        throws
    {
        let store = CountingStore(most.threads, most.readAhead, delivery)
        let items = Array(0..<100)
        let found = try ObjectReaderPool(store).map(items, address: Self.address) { number, asked, reader in
            let content = try reader.read(try asked.open().stream, keepsText: true)
            return "\(number) \(String(decoding: content.text, as: UTF8.self))"
        }
        #expect(found == items.map { "\($0) \($0)" })
        let counts = store.counts.withLock { $0 }
        #expect(counts.asked == items)
        #expect(counts.mostWaiting <= most.threads + most.readAhead)
        #expect(counts.mostWaiting > most.readAhead)
    }

    /// Of those that come in reverse, the one that comes first has failed.
    @Test(arguments: zip(CountingStore.Delivery.allCases, [[7], [11], [10, 11]]))
    func beginsWithNoMoreAfterOneThatFailed(_ delivery: CountingStore.Delivery, _ first: [Int]) throws {
        let store = CountingStore(2, 4, delivery)
        let done = Locked<[Int]>([])
        let failure = try #require(throws: StageError.self) {
            try ObjectReaderPool(store).map(Array(0..<1000), address: Self.address) { number, asked, _ in
                _ = try asked.open()
                done.withLock { $0.append(number) }
                if number >= 7 { throw StageError("no \(number)") }
            }
        }
        #expect(first.map { "no \($0)" }.contains(failure.message))
        #expect(store.counts.withLock { $0.asked.count } < 20)
        #expect(done.withLock { $0.count { $0 >= 7 } } <= 2)
    }

    @Test(arguments: [nil, 1, 4] as [Int?])
    func nothingIsAskedForWhereThereIsNothing(threads: Int?) throws {
        let store = CountingStore(threads, 3, .atOnce)
        let found = try ObjectReaderPool(store).map([Int](), address: Self.address) { number, _, _ in number }
        #expect(found.isEmpty)
    }

    private static func address(_ number: Int) -> ObjectAddress { ObjectAddress(bucket: "b", key: "\(number)") }

    /// Its objects hold their keys.
    final class CountingStore: TrailStore {
        enum Delivery: CaseIterable {
            /// Before the asking returns.
            case atOnce
            /// The last of as many as may wait first, by another thread, which is quick to read them.
            case quickInReverse
            /// Likewise, to be read by others.
            case inReverse
        }

        struct Counts {
            var asked: [Int] = []
            var opened = 0
            var mostWaiting = 0
            var held: [@Sendable () -> Void] = []
        }

        let parallelism: Int?
        let readAhead: Int
        let counts = Locked(Counts())
        let name = "counting"
        let unlistedFolders: [UnlistedFolder] = []
        private let delivery: Delivery
        private let queue = DispatchQueue(label: "counting")

        init(_ parallelism: Int?, _ readAhead: Int, _ delivery: Delivery) {
            (self.parallelism, self.readAhead, self.delivery) = (parallelism, readAhead, delivery)
        }

        func forEachObject(_: TrailFiles, of _: TrailSelection, _: (ObjectAddress) throws -> Void) {}

        func absence(of _: ObjectAddress) -> MissingObject? { nil }

        func ask(for object: ObjectAddress, _ take: @escaping @Sendable (AskedObject) -> Void) {
            let asked = AskedObject(isQuick: delivery == .quickInReverse) { [self] in
                counts.withLock { $0.opened += 1 }
                return StoredObject(stream: Bytes(SignedTrail.gzip(object.key))) { nil }
            }
            let most = (parallelism ?? 0) + readAhead
            let delivered = counts.withLock { counts -> [@Sendable () -> Void] in
                counts.asked.append(Int(object.key) ?? -1)
                counts.mostWaiting = max(counts.mostWaiting, counts.asked.count - counts.opened)
                guard delivery != .atOnce else { return [{ take(asked) }] }
                counts.held.append { take(asked) }
                guard counts.held.count == most || counts.asked.count == 100 else { return [] }
                defer { counts.held = [] }
                return counts.held
            }
            if delivery == .atOnce { return delivered.forEach { $0() } }
            queue.async { delivered.reversed().forEach { $0() } }
        }
    }

    private final class Bytes: ByteStream {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: [UInt8]) {
            rest = bytes[...]
        }

        /// A byte at a time, as a slow server may.
        func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
            guard let byte = rest.popFirst() else { return 0 }
            buffer[0] = byte
            return 1
        }
    }
}
