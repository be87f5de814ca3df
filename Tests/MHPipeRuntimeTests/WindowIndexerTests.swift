import Foundation
import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// The fast way to index a text and the slow one agree, on healthy text and on damaged.
@Suite(.timeLimit(.minutes(30))) struct WindowIndexerTests {
    private static let sample = #"{"Records":[{"a":"x\\\"y é 😀","b":[1,-2.5e3,true,null,{}],"c":{"d":"\u00e9"}}]} "#

    @Test func thereAreKernels() {
        #expect(SimdIndexer.kernels.contains("fallback"))
        #expect(throws: IndexingFailure.self) { try SimdIndexer(kernel: "none") }
    }

    @Test(arguments: SimdIndexer.kernels)
    func generatedTextsHaveTheSameIndex(kernel: String) throws {
        let simd = try SimdIndexer(kernel: kernel)
        for seed in 0..<300 as Range<UInt64> {
            var generator = GeneratedJSON(seed: seed)
            try compare(Array(generator.trail(Int(seed % 7)).text.utf8), simd, "seed \(seed)")
        }
    }

    @Test func realFilesHaveTheSameIndex() throws {
        guard let data = Repository.sharedData else { return }
        let simd = try SimdIndexer()
        let files = FileManager.default.enumerator(at: data, includingPropertiesForKeys: nil)
        var compared = 0
        while let file = files?.nextObject() as? URL, compared < 60 {
            guard ["json", "jsonl", "gz"].contains(file.pathExtension) else { continue }
            let stored = Array(try Data(contentsOf: file))
            let text = file.pathExtension == "gz" ? try Self.gunzip(stored) : stored
            guard !text.isEmpty, text.count < 4 << 20 else { continue }
            try compare(text, simd, file.lastPathComponent)
            compared += 1
        }
        #expect(compared > 10)
    }

    @Test(arguments: [UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x00, 0x1F, 0x0A, 0xFF, 0xC3, 0xED, 0x80])
    func aBadByteAnywhereGivesWhatTheScalarIndexerGives(byte: UInt8) throws {
        let text = Array(Self.sample.utf8)
        for position in text.indices {
            var changed = text
            changed[position] = byte
            try compareWindow(changed, "changed at \(position)")
            changed = text
            changed.insert(byte, at: position)
            try compareWindow(changed, "inserted at \(position)")
        }
    }

    @Test func aTextThatIsCutAnywhereGivesWhatTheScalarIndexerGives() throws {
        let text = Array(Self.sample.utf8)
        for count in 1...text.count { try compareWindow(Array(text.prefix(count)), "cut at \(count)") }
    }

    @Test func randomBytesGiveWhatTheScalarIndexerGives() throws {
        var random = SplitMix64(seed: 1)
        let bytes = Array(#"{}[],:"""\\ntu01- e.é"#.utf8) + [0x0A, 0x01, 0xFF]
        for round in 0..<3000 {
            let text = (0..<1 + random.below(150)).map { _ in random.pick(bytes) }
            try compareWindow(text, "round \(round): \(String(decoding: text, as: UTF8.self))")
        }
    }

    @Test(arguments: 16...80)
    func aDocumentThatIsCutAnywhereGivesTheRecordsBeforeTheCut(window: Int) throws {
        let records = [
            #"{"eventVersion":"x\\\"y","b":[1,-2.5e3]}"#, #"{"eventVersion":{}}"#,
            #"{"é":"😀\u00e9","eventVersion":null}"#, #"{"c":{"d":[[],{}]},"eventVersion":1}"#,
        ]
        let text = Array("{\"k\":[1],\"Records\":[\(records.joined(separator: ","))],\"z\":\"}\"}".utf8)
        var ends: [Int] = []
        var end = Array("{\"k\":[1],\"Records\":[".utf8).count
        for record in records {
            ends.append(end + record.utf8.count)
            end += record.utf8.count + 1
        }
        let reader = try Reading.Reader(window: window)
        for cut in 0...text.count {
            let reading = try reader.read(Array(text.prefix(cut)))
            let whole = ends.count { $0 <= cut }
            #expect(reading.records == Array(records.prefix(whole)), "cut at \(cut)")
            #expect(reading.problems.count == (cut < text.count ? 1 : 0), "cut at \(cut): \(reading.problems)")
        }
    }

    /// What `release` puts back is what a window's end was written over.
    @Test func theTextIsAsItWasAfterRelease() throws {
        let text = Array(Self.sample.utf8)
        let buffer = try Self.buffer(text)
        let indexer = try WindowIndexer()
        for count in 1...text.count {
            for isFinal in [false, true] {
                _ = try indexer.window(buffer, count: count, isFinal: isFinal, isLines: false)
                indexer.release()
                #expect(Array(buffer.bytes) == text, "window of \(count) bytes")
            }
        }
    }

    /// Compares simdjson's index of a text with the scalar one, byte for byte.
    private func compare(_ text: [UInt8], _ simd: SimdIndexer, _ comment: String) throws {
        let buffer = try Self.buffer(text)
        let scalar = ScalarIndexer.index(buffer.bytes)
        guard case .index(let index, let count, let isUTF8) = try simd.index(buffer.base, count: text.count) else {
            Issue.record("simdjson has no index for \(comment)")
            return
        }
        let entries = Array(UnsafeBufferPointer(start: index, count: count + 2))
        #expect(entries == scalar.index, "\(comment)")
        #expect(isUTF8 && scalar.defects == [] && scalar.unclosedString == nil, "\(comment)")
    }

    /// Compares the window of a text, whatever state it is in, with the scalar index of what the window says it holds.
    private func compareWindow(_ text: [UInt8], _ comment: String) throws {
        for kernel in SimdIndexer.kernels {
            try compareWindow(text, WindowIndexer(.kernel(kernel)), "\(comment), \(kernel)")
        }
    }

    private func compareWindow(_ text: [UInt8], _ indexer: WindowIndexer, _ comment: String) throws {
        let buffer = try Self.buffer(text)
        let plain = ScalarIndexer.index(buffer.bytes)
        guard let window = try indexer.window(buffer, count: text.count, isFinal: true, isLines: false) else {
            #expect(plain.index.count == 2, "\(comment)")
            return
        }
        let bytes = UnsafeBufferPointer(start: window.text, count: window.count)
        let scalar = ScalarIndexer.index(bytes)
        #expect(
            Array(UnsafeBufferPointer(start: window.index, count: window.indexCount + 2)) == scalar.index,
            "\(comment)"
        )
        #expect(window.defects == scalar.defects, "\(comment)")
        #expect(window.text[window.count] == 0, "\(comment)")
        // Only a string that is not closed may be closed for the time being, and its bytes stay.
        let isClosed = window.count == text.count && bytes.elementsEqual(text)
        #expect(
            isClosed || plain.unclosedString != nil && bytes.dropLast().elementsEqual(text.prefix(window.count - 1))
        )
        indexer.release()
        #expect(Array(buffer.bytes) == text, "\(comment)")
    }

    private static func buffer(_ text: [UInt8]) throws -> TextBuffer {
        let buffer = TextBuffer(capacity: max(text.count, 1))
        text.withUnsafeBytes { buffer.room.copyMemory(from: $0) }
        buffer.append(text.count)
        return buffer
    }

    private static func gunzip(_ stored: [UInt8]) throws -> [UInt8] {
        let gzip = GzipReader()
        gzip.start({ _ in 0 }, prefix: stored)
        var room = [UInt8](repeating: 0, count: 256 << 10)
        var text: [UInt8] = []
        while case let count = try room.withUnsafeMutableBytes({ try gzip.read(into: $0) }), count > 0 {
            text += room.prefix(count)
        }
        return text
    }
}
