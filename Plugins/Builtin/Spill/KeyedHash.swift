import Libc
import MHPipeIO
import MHPipeKit

/// SipHash-2-4 with 128 bits, keyed, as libcrypto has it.
///
/// Who does not know the key cannot make two texts that have one hash, so nobody can write a record that makes another
/// one pass for seen. libcrypto is loaded when a hash is first asked for, so that nobody else pays for it.
@safe
final class KeyedHash {
    static let keyBytes = 16

    let key: [UInt8]
    private let library: Library
    private let handle: CHandle
    private var context: OpaquePointer { unsafe handle.pointer }

    /// Takes a key of 16 bytes, random ones unless given; throws when libcrypto is not there.
    init(key: [UInt8] = (0..<keyBytes).map { _ in .random(in: .min ... .max) }) throws {
        let library = try Library.shared.get()
        guard
            let handle = unsafe CHandle(
                owning: library.makeContext(library.algorithm),
                free: { unsafe library.freeContext($0) }
            )
        else { throw CryptoLibrary.failure }
        self.library = library
        self.handle = handle
        self.key = key
    }

    /// The hash of some bytes.
    func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Fingerprint {
        var hash: (UInt64, UInt64) = (0, 0)
        var count = 0
        let isDone = unsafe withUnsafeMutableBytes(of: &hash) { room in
            unsafe library.start(context, key, key.count, nil) == 1
                && library.update(context, bytes.baseAddress, bytes.count) == 1
                && library.finish(context, room.baseAddress, &count, room.count) == 1
        }
        // None of these calls allocates or can fail on sound arguments.
        precondition(isDone && count == 16, "libcrypto does not hash")
        return Fingerprint(high: UInt64(littleEndian: hash.0), low: UInt64(littleEndian: hash.1))
    }

    /// The functions of libcrypto 3 that are used.
    @safe
    private struct Library: @unchecked Sendable /* addresses of functions and of a constant, set once */ {
        let algorithm: OpaquePointer
        let makeContext: @convention(c) (OpaquePointer) -> OpaquePointer?
        let freeContext: @convention(c) (OpaquePointer) -> Void
        let start: @convention(c) (OpaquePointer, UnsafePointer<UInt8>, Int, OpaquePointer?) -> Int32
        let update: @convention(c) (OpaquePointer, UnsafePointer<UInt8>?, Int) -> Int32
        let finish: @convention(c) (OpaquePointer, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>, Int) -> Int32

        static let shared = Result { try Library() }

        init() throws {
            let library = try CryptoLibrary.shared.get()
            typealias Text = UnsafePointer<CChar>
            typealias Fetch = @convention(c) (OpaquePointer?, Text, Text?) -> OpaquePointer?
            let fetch: Fetch = try unsafe library.function("EVP_MAC_fetch")
            guard let algorithm = unsafe fetch(nil, "SIPHASH", nil) else { throw CryptoLibrary.failure }
            unsafe self.algorithm = unsafe algorithm
            unsafe makeContext = try unsafe library.function("EVP_MAC_CTX_new")
            unsafe freeContext = try unsafe library.function("EVP_MAC_CTX_free")
            unsafe start = try unsafe library.function("EVP_MAC_init")
            unsafe update = try unsafe library.function("EVP_MAC_update")
            unsafe finish = try unsafe library.function("EVP_MAC_final")
        }
    }
}
