import CMaxMindDB
import Foundation

/// An open database in MaxMind's format.
///
/// Lookups only read, but an instance is not meant for more than one queue; several of one file share its memory.
///
/// `handle` is what `MMDB_open` has filled, and stays where it is until `deinit` closes and frees it: entries point to it.
/// What the library hands out lies in the mapped file, and is copied before a call comes back.
final class MaxMindDatabase {
    private let handle: UnsafeMutablePointer<MMDB_s>

    /// Why a file is of no use.
    enum Failure: Error, Hashable {
        /// What the system says: `No such file or directory`.
        case unreadable(reason: String)
        /// What the system says where the file may be sound: `Too many open files`.
        case unavailable(reason: String)
        /// What the library says: `The MaxMind DB file contains invalid metadata`.
        case damaged(reason: String)

        var reason: String {
            switch self {
            case .unreadable(let reason), .unavailable(let reason), .damaged(let reason): reason
            }
        }

        /// The error numbers for which the path, or what stands there, is to blame.
        private static let faultsOfFiles: Set<Int32> = [
            0, ENOENT, ENOTDIR, EACCES, EPERM, EISDIR, ELOOP, ENAMETOOLONG, EINVAL, ENXIO, ENODEV,
        ]

        fileprivate init(code: Int32) {
            switch code {
            case MMDB_FILE_OPEN_ERROR, MMDB_IO_ERROR:
                let number = errno
                let reason = String(cString: strerror(number))
                self = Self.faultsOfFiles.contains(number) ? .unreadable(reason: reason) : .unavailable(reason: reason)
            case MMDB_OUT_OF_MEMORY_ERROR: self = .unavailable(reason: String(cString: MMDB_strerror(code)))
            default: self = .damaged(reason: String(cString: MMDB_strerror(code)))
            }
        }
    }

    /// A network that the database knows, and where what it says of it begins.
    struct Network {
        /// The length of the prefix, in bits of the address that was looked up.
        var bits: Int
        fileprivate var entry: MMDB_entry_s
    }

    /// Opens a database and reads what it says of itself.
    ///
    /// - Throws: `Failure` when it cannot be read or is none. Damage further in shows when an address leads there.
    init(path: String) throws(Failure) {
        let handle = UnsafeMutablePointer<MMDB_s>.allocate(capacity: 1)
        handle.initialize(to: MMDB_s())
        let code = MMDB_open(path, UInt32(MMDB_MODE_MMAP), handle)
        guard code == MMDB_SUCCESS else {
            // Made first, since freeing may change errno.
            let failure = Failure(code: code)
            handle.deallocate()
            throw failure
        }
        self.handle = handle
    }

    deinit {
        MMDB_close(handle)
        handle.deallocate()
    }

    /// The languages of its names, such as `en`; some databases name none.
    var languages: [String] {
        let languages = handle.pointee.metadata.languages
        return (0..<languages.count).compactMap { index in languages.names[index].map { String(cString: $0) } }
    }

    /// The narrowest network that the address is in, or nil when the database knows none.
    ///
    /// - Throws: `Failure` when the search tree is damaged.
    func network(of address: IPAddress) throws(Failure) -> Network? {
        if address.isIPv6, handle.pointee.metadata.ip_version == 4 { return nil }
        var code: Int32 = MMDB_SUCCESS
        let result = withSocketAddress(address) { MMDB_lookup_sockaddr(handle, $0, &code) }
        guard code == MMDB_SUCCESS else { throw Failure(code: code) }
        guard result.found_entry else { return nil }
        var bits = Int(result.netmask)
        // In a tree of both kinds, IPv4 is below the first 96 bits.
        if !address.isIPv6, handle.pointee.metadata.ip_version == 6 { bits = max(bits - 96, 0) }
        return Network(bits: bits, entry: result.entry)
    }

    /// A text that the database has for a network, below the keys of a path; nil when it has none there.
    ///
    /// - Throws: `Failure` when the data is damaged.
    func string(_ path: String..., of network: Network) throws(Failure) -> String? {
        guard let data = try value(path, of: network), data.type == UInt32(MMDB_DATA_TYPE_UTF8_STRING),
            let start = data.utf8_string
        else { return nil }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(data.data_size))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A whole number that the database has for a network, below the keys of a path; nil when it has none there.
    ///
    /// - Throws: `Failure` when the data is damaged.
    func number(_ path: String..., of network: Network) throws(Failure) -> Int? {
        guard let data = try value(path, of: network) else { return nil }
        // MaxMind writes 32 bits; others take as few as will do.
        switch Int32(data.type) {
        case MMDB_DATA_TYPE_UINT16: return Int(data.uint16)
        case MMDB_DATA_TYPE_UINT32: return Int(data.uint32)
        default: return nil
        }
    }

    private func value(_ path: [String], of network: Network) throws(Failure) -> MMDB_entry_data_s? {
        var entry = network.entry
        var data = MMDB_entry_data_s()
        let code = withCStrings(path[...], []) { MMDB_aget_value(&entry, &data, $0) }
        // Another database has a text where this path goes on, or nothing at all.
        if code == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR { return nil }
        guard code == MMDB_SUCCESS else { throw Failure(code: code) }
        return data.has_data ? data : nil
    }
}

/// Calls with C's form of the texts and a null behind them, which are valid inside the call.
private func withCStrings<Result>(
    _ texts: ArraySlice<String>,
    _ before: [UnsafePointer<CChar>?],
    _ body: ([UnsafePointer<CChar>?]) -> Result
) -> Result {
    guard let first = texts.first else { return body(before + [nil]) }
    return first.withCString { withCStrings(texts.dropFirst(), before + [$0], body) }
}

/// Calls with the form of an address that sockets take, which is valid inside the call.
private func withSocketAddress<Result>(_ address: IPAddress, _ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
    if address.isIPv6 {
        var socket = sockaddr_in6()
        socket.sin6_family = sa_family_t(AF_INET6)
        withUnsafeMutableBytes(of: &socket.sin6_addr) { $0.copyBytes(from: address.bytes) }
        return withUnsafePointer(to: &socket) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
    }
    var socket = sockaddr_in()
    socket.sin_family = sa_family_t(AF_INET)
    withUnsafeMutableBytes(of: &socket.sin_addr) { $0.copyBytes(from: address.bytes) }
    return withUnsafePointer(to: &socket) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
}
