import CSimdJSON
import Libc
import MHPipeKit

/// Finds the tokens of a text with the first stage of simdjson.
///
/// Owned by one worker. The index it hands out is in its own memory and stays until the next call.
@safe
final class SimdIndexer {
    /// What simdjson says of a text.
    @safe
    enum Result {
        case index(UnsafeMutablePointer<UInt32>, count: Int, isUTF8: Bool)
        /// A raw control character inside a string; there is no index.
        case controlCharacter
        /// The text ends inside a string; there is no index.
        case unclosedString
        /// White space only.
        case empty
    }

    private let handle: CHandle
    private var indexer: OpaquePointer { unsafe handle.pointer }

    /// The names of the kernels that this processor has.
    static var kernels: [String] {
        unsafe sequence(first: 0, next: { $0 + 1 }).lazy.map { unsafe mhp_kernel_name($0) }.prefix { unsafe $0 != nil }
            .compactMap { unsafe $0.map { unsafe String(cString: $0) } }
    }

    /// - Parameter kernel: One of `kernels`; nil for simdjson's choice.
    /// - Throws: `IndexingFailure` when there is no memory for it.
    init(kernel: String? = nil) throws {
        guard let handle = unsafe CHandle(owning: mhp_indexer_create(kernel), free: { unsafe mhp_indexer_free($0) })
        else { throw IndexingFailure() }
        self.handle = handle
    }

    /// True when the index of a damaged text would not be that of other processors.
    var isFallback: Bool { unsafe mhp_indexer_is_fallback(indexer) }

    /// Indexes a text behind which 64 more bytes can be read.
    func index(_ text: UnsafePointer<UInt8>, count: Int) throws -> Result {
        var index: UnsafeMutablePointer<UInt32>?
        var entries = 0
        let status = unsafe mhp_indexer_index(indexer, text, count, &index, &entries)
        switch unsafe (Int(status), index) {
        case (MHP_INDEX_OK, let index?): return unsafe .index(index, count: entries, isUTF8: true)
        case (MHP_INDEX_INVALID_UTF8, let index?): return unsafe .index(index, count: entries, isUTF8: false)
        case (MHP_INDEX_CONTROL_CHAR, _): return .controlCharacter
        case (MHP_INDEX_UNCLOSED_STRING, _): return .unclosedString
        case (MHP_INDEX_EMPTY, _): return .empty
        default: throw IndexingFailure()
        }
    }
}

/// There was no memory for an index.
struct IndexingFailure: Error, CustomStringConvertible {
    let description = "not enough memory to index the text"
}
