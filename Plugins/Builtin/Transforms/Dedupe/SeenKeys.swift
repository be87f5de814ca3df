import MHPipeKit

/// The keys that came so far, as 16 bytes each.
///
/// These are a hash of 128 bits; or, where keys are compared, 64 bits of it and the place of the key in a log.
struct SeenKeys {
    private var hash: KeyedHash
    private var fingerprints: FingerprintSet
    private var log: KeyLog?
    private let dropsBits: UInt64
    /// Keys whose hash was that of another; known only where keys are compared.
    private(set) var collisions = 0

    /// Makes an empty one.
    ///
    /// With `verifies`, keys are compared where their hashes are equal. `hashBits` is how many of the first 64 bits of a
    /// hash count: fewer only in tests of what happens when two are equal.
    init(_ settings: SpillSettings, verifies: Bool, hashBits: UInt64 = 64) throws {
        hash = try KeyedHash()
        fingerprints = FingerprintSet(settings, comparesLow: !verifies)
        log = verifies ? KeyLog(in: settings.folder.path) : nil
        dropsBits = 64 - hashBits
    }

    /// True for a key that did not come before.
    mutating func insert(_ key: [UInt8]) throws -> Bool {
        guard log != nil else { return try fingerprints.insert(fingerprint(key)) == nil }
        // A key whose hash another one has gets a second hash, of itself and a number, and so on; it is looked for in
        // the same way.
        var number: UInt8 = 0
        while true {
            let offset = log?.count ?? 0
            let hashed = fingerprint(number == 0 ? key : key + [number])
            guard let found = try fingerprints.insert(Fingerprint(high: hashed.high, low: UInt64(offset))) else {
                try log?.append(key)
                if number > 0 { collisions += 1 }
                return true
            }
            if try log?.holds(key, at: Int(found.low)) == true { return false }
            number &+= 1
        }
    }

    private func fingerprint(_ key: [UInt8]) -> Fingerprint {
        let hash = unsafe key.withUnsafeBufferPointer { unsafe self.hash.hash($0) }
        return Fingerprint(high: (hash.high >> dropsBits) << dropsBits, low: hash.low)
    }

    func save(into state: OutputBuffer) throws {
        state.append(counted: hash.key)
        state.append(number: log == nil ? 0 : 1)
        state.append(number: collisions)
        state.append(number: fingerprints.count)
        try fingerprints.forEach {
            state.append(number: $0.high)
            state.append(number: $0.low)
        }
        state.append(number: log?.count ?? 0)
        try log?.forEachPart { state.append($0) }
    }

    /// Takes over what another has saved.
    mutating func restore(_ state: inout StateReader) throws {
        let key = try state.counted()
        guard key.count == KeyedHash.keyBytes else { throw state.damage }
        hash = try KeyedHash(key: key)
        guard try state.number() == (log == nil ? 0 : 1) else {
            throw StageError("the saved state of 'dedupe' was made with another 'verify'")
        }
        collisions = try state.count()
        for _ in 0..<(try state.count()) {
            _ = try fingerprints.insert(Fingerprint(high: try state.number(), low: try state.number()))
        }
        let keys = try state.counted()
        try log?.append(bytes: keys)
    }
}
