import MHPipeKit

/// The keys that came so far, as 16 bytes each.
///
/// These are a hash of 128 bits; or, where keys are compared, 64 bits of it and the place of the key in a log.
struct SeenKeys {
    private var hash: KeyedHash
    private var fingerprints: FingerprintSet
    private var log: KeyLog?
    /// What came in this run, where more is known than that.
    private var ofRun: FingerprintLog?
    /// The bytes of the log that earlier runs have written.
    private var logStart = 0
    private let dropsBits: UInt64
    /// Keys whose hash was that of another; known only where keys are compared.
    private(set) var collisions = 0

    /// Makes an empty one.
    ///
    /// With `verifies`, keys are compared where their hashes are equal; with `spansRuns`, what is saved is what came since
    /// `beginRun` alone. `hashBits` is how many of the first 64 bits of a
    /// hash count: fewer only in tests of what happens when two are equal.
    init(_ settings: SpillSettings, verifies: Bool, spansRuns: Bool = false, hashBits: UInt64 = 64) throws {
        hash = try KeyedHash()
        fingerprints = FingerprintSet(settings, comparesLow: !verifies)
        ofRun = spansRuns ? FingerprintLog(in: settings.folder.path) : nil
        log = verifies ? KeyLog(in: settings.folder.path) : nil
        dropsBits = 64 - hashBits
    }

    /// True for a key that did not come before.
    mutating func insert(_ key: [UInt8]) throws -> Bool {
        guard log != nil else {
            let fingerprint = fingerprint(key)
            guard try fingerprints.insert(fingerprint) == nil else { return false }
            try ofRun?.append(fingerprint)
            return true
        }
        // A key whose hash another one has gets a second hash, of itself and a number, and so on; it is looked for in
        // the same way.
        var number: UInt8 = 0
        while true {
            let offset = log?.count ?? 0
            let hashed = fingerprint(number == 0 ? key : key + [number])
            let fingerprint = Fingerprint(high: hashed.high, low: UInt64(offset))
            guard let found = try fingerprints.insert(fingerprint) else {
                try ofRun?.append(fingerprint)
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
        func append(_ fingerprint: Fingerprint) {
            state.append(number: fingerprint.high)
            state.append(number: fingerprint.low)
        }
        if let ofRun {
            state.append(number: ofRun.count)
            try ofRun.forEach(append)
        } else {
            state.append(number: fingerprints.count)
            try fingerprints.forEach(append)
        }
        state.append(number: (log?.count ?? 0) - logStart)
        try log?.forEachPart(from: logStart) { state.append($0) }
    }

    /// Takes all that is known for what earlier runs knew.
    mutating func beginRun() {
        ofRun?.removeAll()
        logStart = log?.count ?? 0
        collisions = 0
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
            let fingerprint = Fingerprint(high: try state.number(), low: try state.number())
            _ = try fingerprints.insert(fingerprint)
            try ofRun?.append(fingerprint)
        }
        let keys = try state.counted()
        try log?.append(bytes: keys)
    }
}
