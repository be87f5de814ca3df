import Dispatch
import MHPipeIO
import MHPipeKit

/// Works on objects of a store side by side, each thread with a reader of its own.
final class ObjectReaderPool: Sendable {
    private let idle = Locked<[ObjectReader]>([])
    private let store: any TrailStore

    /// - Parameter store: Where the objects are.
    init(_ store: any TrailStore) {
        self.store = store
    }

    /// Does something for each of some items; after one that failed no more are begun.
    ///
    /// - Parameters:
    ///   - items: The items.
    ///   - address: Where the object of an item is.
    ///   - work: Called on several threads at once, some of which are the store's.
    /// - Returns: What it gave, in the order of the items.
    /// - Throws: The first error in the order of the items.
    func map<Item: Sendable, Output: Sendable>(
        _ items: [Item],
        address: @escaping @Sendable (Item) -> ObjectAddress,
        _ work: @escaping @Sendable (Item, AskedObject, ObjectReader) throws -> Output
    ) throws -> [Output] {
        let threads = min(store.parallelism ?? Self.mostUnasked, items.count)
        let round = ObjectRound(items, most: threads + store.readAhead, in: store, address: address) {
            [self] item, object in
            try withReader { try work(item, object, $0) }
        }
        if store.parallelism == nil {
            DispatchQueue.concurrentPerform(iterations: threads) { _ in round.run() }
        } else {
            // Where no more threads can be had, those that there are do it.
            let others = (1..<max(1, threads)).compactMap { _ in try? PlainThread { round.run() } }
            round.run()
            for thread in others { thread.join() }
        }
        return try round.results
    }

    /// More processors than these are not used.
    private static let mostUnasked = 64

    /// Lends a reader.
    func withReader<Output>(_ work: (ObjectReader) throws -> Output) throws -> Output {
        let reader = try idle.withLock { $0.popLast() } ?? ObjectReader()
        defer { idle.withLock { $0.append(reader) } }
        return try work(reader)
    }
}
