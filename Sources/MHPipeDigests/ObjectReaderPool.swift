import Dispatch
import MHPipeKit

/// Works side by side, each thread with a reader of its own.
final class ObjectReaderPool: Sendable {
    private let idle = Locked<[ObjectReader]>([])

    /// Does something for each of some items.
    ///
    /// - Parameters:
    ///   - items: The items.
    ///   - work: Called on several threads at once.
    /// - Returns: What it gave, in the order of the items.
    /// - Throws: The first error in the order of the items.
    func map<Item: Sendable, Output: Sendable>(
        _ items: [Item],
        _ work: @Sendable (Item, ObjectReader) throws -> Output
    ) throws -> [Output] {
        let results = Locked([Result<Output, any Error>?](repeating: nil, count: items.count))
        DispatchQueue.concurrentPerform(iterations: items.count) { number in
            let result = Result { try withReader { try work(items[number], $0) } }
            results.withLock { $0[number] = result }
        }
        return try results.withLock { try $0.compactMap { try $0?.get() } }
    }

    /// Lends a reader.
    func withReader<Output>(_ work: (ObjectReader) throws -> Output) throws -> Output {
        let reader = try idle.withLock { $0.popLast() } ?? ObjectReader()
        defer { idle.withLock { $0.append(reader) } }
        return try work(reader)
    }
}
