import Dispatch
import MHPipeIO
import MHPipeKit

/// Works on objects of a store side by side, each thread with a reader of its own.
final class ObjectReaderPool: Sendable {
    /// Whose turn it is.
    private struct Turn {
        var next = 0
        /// How many were asked for, and those of them whose turn has not come.
        var asks = 0
        var asked: [Int: AskedObject] = [:]
    }

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
    ///   - work: Called on several threads at once.
    /// - Returns: What it gave, in the order of the items.
    /// - Throws: The first error in the order of the items.
    func map<Item: Sendable, Output: Sendable>(
        _ items: [Item],
        address: @escaping @Sendable (Item) -> ObjectAddress,
        _ work: @escaping @Sendable (Item, AskedObject, ObjectReader) throws -> Output
    ) throws -> [Output] {
        let results = Locked([Result<Output, any Error>?](repeating: nil, count: items.count))
        let turn = Locked(Turn())
        let run: @Sendable () -> Void = { [self] in
            while let (number, object) = take(items, address, turn) {
                let result = Result { try withReader { try work(items[number], object, $0) } }
                results.withLock { $0[number] = result }
                if case .failure = result { turn.withLock { $0.next = items.count } }
            }
        }
        if let threads = store.parallelism {
            // Where no more threads can be had, those that there are do it.
            let others = (1..<max(1, min(threads, items.count))).compactMap { _ in try? PlainThread(run) }
            run()
            for thread in others { thread.join() }
        } else {
            DispatchQueue.concurrentPerform(iterations: min(items.count, 64)) { _ in run() }
        }
        return try results.withLock { try $0.compactMap { try $0?.get() } }
    }

    /// The next item and its object; whoever takes one asks for what comes so far behind it.
    private func take<Item>(
        _ items: [Item],
        _ address: (Item) -> ObjectAddress,
        _ turn: borrowing Locked<Turn>
    ) -> (number: Int, object: AskedObject)? {
        turn.withLock { turn in
            let number = turn.next
            guard number < items.count else { return nil }
            turn.next += 1
            while turn.asks < items.count, turn.asks <= number + store.readAhead {
                turn.asked[turn.asks] = store.ask(for: address(items[turn.asks]))
                turn.asks += 1
            }
            return turn.asked.removeValue(forKey: number).map { (number, $0) }
        }
    }

    /// Lends a reader.
    func withReader<Output>(_ work: (ObjectReader) throws -> Output) throws -> Output {
        let reader = try idle.withLock { $0.popLast() } ?? ObjectReader()
        defer { idle.withLock { $0.append(reader) } }
        return try work(reader)
    }
}
