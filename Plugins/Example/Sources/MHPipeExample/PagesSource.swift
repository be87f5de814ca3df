import MHPipeKit

/// Reads the pages that a server numbers from 1, until it has no more.
struct PagesSource: Source {
    static let name = "pages"
    static let summary = "Reads numbered pages, one after the other."

    struct Options: PluginOptions {
        var last = 10

        static let all: [Option<Options>] = [.optional("last", \.last, "The number of the last page.")]
    }

    private let last: Int

    init(_ options: Options, _ context: PluginContext) {
        last = options.last
    }

    func list() throws -> any UnitList { Pages(last: last) }

    private final class Pages: UnitList {
        private let last: Int
        private var number = 0

        init(last: Int) {
            self.last = last
        }

        var readAhead: Int { 4 }

        func next() throws -> NextUnit {
            guard number < last else { return .end }
            number += 1
            return .unit(Page(number: number))
        }
    }
}

/// One page.
private struct Page: SourceUnit {
    let number: Int

    var name: String { "page \(number)" }
    var id: UnitID { UnitID("pages/\(number)", version: "1") }
    var size: Int? { nil }
    var facts: UnitFacts { UnitFacts(column: .init("page", json: "\(number)")) }

    func prepare() {
        // Ask the server for the page, and do not wait for it.
    }

    func open() throws -> any ByteStream { Stream("{\"eventVersion\":\"1.08\"}\n") }

    private final class Stream: ByteStream {
        private var rest: Substring.UTF8View

        init(_ text: String) {
            rest = text[...].utf8
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
            let bytes = rest.prefix(buffer.count)
            rest = rest.dropFirst(bytes.count)
            buffer.copyBytes(from: bytes)
            return bytes.count
        }
    }
}
