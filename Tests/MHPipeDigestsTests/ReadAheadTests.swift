import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeDigests

/// Objects are asked for before somebody reads them, so far ahead as the store says.
@Suite(.timeLimit(.minutes(30))) struct ReadAheadTests {
    @Test(arguments: [(1, 0), (1, 5), (3, 2), (8, 32), (64, 0)])
    func asksForEachOnceAndNotTooFarAhead(threads: Int, readAhead: Int) throws {
        let store = CountingStore(parallelism: threads, readAhead: readAhead)
        let items = Array(0..<100)
        let found = try ObjectReaderPool(store).map(items, address: Self.address) { number, asked, reader in
            let content = try reader.read(try asked.open().stream, keepsText: true)
            return "\(number) \(String(decoding: content.text, as: UTF8.self))"
        }
        #expect(found == items.map { "\($0) \($0)" })
        let counts = store.counts.withLock { $0 }
        #expect(counts.asked == items)
        #expect(counts.mostWaiting <= threads + readAhead)
        #expect(counts.mostWaiting > readAhead)
    }

    @Test func beginsWithNoMoreAfterOneThatFailed() throws {
        let store = CountingStore(parallelism: 2, readAhead: 4)
        let failure = try #require(throws: StageError.self) {
            try ObjectReaderPool(store).map(Array(0..<1000), address: Self.address) { number, asked, _ in
                _ = try asked.open()
                if number >= 7 { throw StageError("no \(number)") }
            }
        }
        #expect(failure.message == "no 7")
        #expect(store.counts.withLock { $0.asked.count } < 20)
    }

    @Test(arguments: [nil, 1, 4] as [Int?])
    func nothingIsAskedForWhereThereIsNothing(threads: Int?) throws {
        let store = CountingStore(parallelism: threads, readAhead: 3)
        let found = try ObjectReaderPool(store).map([Int](), address: Self.address) { number, _, _ in number }
        #expect(found.isEmpty)
    }

    private static func address(_ number: Int) -> ObjectAddress { ObjectAddress(bucket: "b", key: "\(number)") }

    /// Its objects hold their keys.
    private final class CountingStore: TrailStore {
        struct Counts {
            var asked: [Int] = []
            var opened = 0
            var mostWaiting = 0
        }

        let parallelism: Int?
        let readAhead: Int
        let counts = Locked(Counts())
        let name = "counting"
        let unlistedFolders: [UnlistedFolder] = []

        init(parallelism: Int?, readAhead: Int) {
            (self.parallelism, self.readAhead) = (parallelism, readAhead)
        }

        func forEachObject(_: TrailFiles, of _: TrailSelection, _: (ObjectAddress) throws -> Void) {}

        func absence(of _: ObjectAddress) -> MissingObject? { nil }

        func ask(for object: ObjectAddress) -> AskedObject {
            counts.withLock { counts in
                counts.asked.append(Int(object.key) ?? -1)
                counts.mostWaiting = max(counts.mostWaiting, counts.asked.count - counts.opened)
            }
            return AskedObject { [self] in
                counts.withLock { $0.opened += 1 }
                return StoredObject(stream: Bytes(SignedTrail.gzip(object.key))) { nil }
            }
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
