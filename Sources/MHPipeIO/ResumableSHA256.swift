import MHPipeKit

/// SHA-256 whose state can be written down, so that another process goes on with the hash.
///
/// It uses the functions of libcrypto that work on a struct, since those that `SHA256` uses hide theirs.
package struct ResumableSHA256: Sendable {
    private let library: Library
    /// `SHA256_CTX`: eight words, the number of bits, a block, how much of that is filled, the length of a hash.
    private var context: [UInt64]

    private static let words = 14

    /// Begins a hash.
    ///
    /// - Throws: `StageError` when libcrypto is not there.
    package init() throws {
        library = try Library.shared.get()
        context = Array(repeating: 0, count: Self.words)
        _ = unsafe library.start(&context)
    }

    /// Goes on with the hash that `state` is of; nil when it is none.
    package init?(state: [UInt8]) throws {
        guard state.count == Self.words * 8 else { return nil }
        try self.init()
        unsafe context.withUnsafeMutableBytes { unsafe $0.copyBytes(from: state) }
    }

    /// What the hash of all bytes so far can be gone on with, on a machine of the same kind.
    package var state: [UInt8] { unsafe context.withUnsafeBytes { unsafe Array($0) } }

    /// Takes more bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        _ = unsafe library.update(&context, start, bytes.count)
    }

    /// The hash of all bytes so far, to which more may come.
    package var hash: [UInt8] {
        var copy = context
        var hash = [UInt8](repeating: 0, count: SHA256.count)
        _ = unsafe library.finish(&hash, &copy)
        return hash
    }

    /// The functions of libcrypto 3 that are used.
    @safe
    private struct Library: @unchecked Sendable /* addresses of functions, set once */ {
        let start: @convention(c) (UnsafeMutablePointer<UInt64>) -> Int32
        let update: @convention(c) (UnsafeMutablePointer<UInt64>, UnsafeRawPointer, Int) -> Int32
        let finish: @convention(c) (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt64>) -> Int32

        static let shared = Result { try Library(CryptoLibrary.shared.get()) }

        init(_ library: LoadedLibrary) throws {
            unsafe start = try unsafe library.function("SHA256_Init")
            unsafe update = try unsafe library.function("SHA256_Update")
            unsafe finish = try unsafe library.function("SHA256_Final")
        }
    }
}
