import MHPipeIO
import MHPipeKit

/// HMAC with SHA-256 (RFC 2104), as libcrypto has it.
final class KeyedDigest {
    private let key: [UInt8]
    private let library: Library
    /// What was asked for before: most of what is hashed comes again.
    private var known: [[UInt8]: [UInt8]] = [:]

    private static let mostKnown = 10_000

    /// Takes a key; throws when libcrypto is not there.
    init(key: [UInt8]) throws {
        self.key = key
        library = try Library.shared.get()
    }

    /// The digest of some bytes, as 64 hexadecimal digits.
    func hexDigits(of bytes: [UInt8]) -> [UInt8] {
        if let digits = known[bytes] { return digits }
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        let made = unsafe library.hmac(
            library.algorithm,
            key,
            Int32(key.count),
            bytes,
            bytes.count,
            &digest,
            &count
        )
        // Nothing but a lack of memory makes it fail.
        unsafe precondition(made != nil && count == 32, "libcrypto does not hash")
        var digits: [UInt8] = []
        for byte in digest {
            for digit in [byte >> 4, byte & 15] { digits.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
        }
        if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
        known[bytes] = digits
        return digits
    }

    /// The functions of libcrypto that are used.
    @safe
    private struct Library: @unchecked Sendable /* addresses of functions and of a constant, set once */ {
        let algorithm: OpaquePointer
        let hmac:
            @convention(c) (
                OpaquePointer, UnsafePointer<UInt8>, Int32, UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>,
                UnsafeMutablePointer<UInt32>
            ) -> OpaquePointer?

        static let shared = Result { try Library(CryptoLibrary.shared.get()) }

        init(_ library: LoadedLibrary) throws {
            let sha256: @convention(c) () -> OpaquePointer? = unsafe try library.function("EVP_sha256")
            guard let algorithm = unsafe sha256() else { throw CryptoLibrary.failure }
            unsafe self.algorithm = unsafe algorithm
            unsafe hmac = unsafe try library.function("HMAC")
        }
    }
}
