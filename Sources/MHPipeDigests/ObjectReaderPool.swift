import Dispatch
import MHPipeIO
import MHPipeKit

/// Works side by side, each thread with a reader of its own.
final class ObjectReaderPool: Sendable {
    private let idle = Locked<[ObjectReader]>([])
    private let threads: Int?

    /// - Parameter threads: How many work at once; nil for as many as there are processors.
    init(threads: Int?) {
        self.threads = threads
    }

    /// Does something for each of some items.
    ///
    /// - Parameters:
    ///   - items: The items.
    ///   - work: Called on several threads at once.
    /// - Returns: What it gave, in the order of the items.
    /// - Throws: The first error in the order of the items.
    func map<Item: Sendable, Output: Sendable>(
        _ items: [Item],
        _ work: @escaping @Sendable (Item, ObjectReader) throws -> Output
    ) throws -> [Output] {
        let results = Locked([Result<Output, any Error>?](repeating: nil, count: items.count))
        perform(items.count) { [self] number in
            let result = Result { try withReader { try work(items[number], $0) } }
            results.withLock { $0[number] = result }
            if case .failure = result { return false }
            return true
        }
        return try results.withLock { try $0.compactMap { try $0?.get() } }
    }

    /// Does something so many times; after one that failed no more are begun where they may wait for each other.
    private func perform(_ count: Int, _ work: @escaping @Sendable (Int) -> Bool) {
        guard let threads else { return DispatchQueue.concurrentPerform(iterations: count) { _ = work($0) } }
        let next = Locked(0)
        let run: @Sendable () -> Void = {
            while true {
                let number = next.withLock { next in
                    defer { next += 1 }
                    return next
                }
                guard number < count else { return }
                if !work(number) { next.withLock { $0 = count } }
            }
        }
        // Where no more threads can be had, those that there are do it.
        let others = (1..<max(1, min(threads, count))).compactMap { _ in try? PlainThread(run) }
        run()
        for thread in others { thread.join() }
    }

    /// Lends a reader.
    func withReader<Output>(_ work: (ObjectReader) throws -> Output) throws -> Output {
        let reader = try idle.withLock { $0.popLast() } ?? ObjectReader()
        defer { idle.withLock { $0.append(reader) } }
        return try work(reader)
    }
}
