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
    /// What earlier runs have kept in files.
    private var earlier: EarlierKeys?
    private let settings: SpillSettings
    private let dropsBits: UInt64
    /// Keys whose hash was that of another; known only where keys are compared.
    private(set) var collisions = 0

    /// Makes an empty one.
    ///
    /// With `verifies`, keys are compared where their hashes are equal; with `spansRuns`, what is saved is what came since
    /// `beginRun` alone. `hashBits` is how many of the first 64 bits of a
    /// hash count: fewer only in tests of what happens when two are equal.
    init(_ settings: SpillSettings, verifies: Bool, spansRuns: Bool = false, hashBits: UInt64 = 64) throws {
        self.settings = settings
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
            if let earlier, try earlier.has(fingerprint) { return false }
            guard try fingerprints.insert(fingerprint) == nil else { return false }
            try ofRun?.append(fingerprint)
            return true
        }
        // A key whose hash another one has gets a second hash, of itself and a number, and so on; it is looked for in
        // the same way.
        var number: UInt8 = 0
        while true {
            let offset = log?.count ?? 0
            let hashed = fingerprint(key, number)
            if let earlier, let standing = try earlier.standing(of: key, hashed, { self.fingerprint($0, $1) }) {
                if standing == .seen { return false }
                number &+= 1
                continue
            }
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

    private func fingerprint(_ key: [UInt8], _ number: UInt8) -> Fingerprint {
        fingerprint(number == 0 ? key : key + Self.numbering + [number])
    }

    /// What stands before the number, so that no key that lost its end has the hash of the whole one.
    private static let numbering = Array(" has the hash of another, number ".utf8)

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

    /// Begins behind runs whose keys are in files.
    mutating func begin(behind earlier: any EarlierFingerprints, _ head: inout StateReader) throws {
        hash = try Self.hash(&head, verifies: log != nil)
        let filterBytes = try earlier.useFilters(ofAtMost: FingerprintSet.filterBytes(of: settings))
        fingerprints = FingerprintSet(settings, comparesLow: log == nil, otherFilterBytes: filterBytes)
        if log != nil { log = KeyLog(in: settings.folder.path, behind: earlier.textBytes) }
        self.earlier = EarlierKeys(earlier)
    }

    private static func hash(_ state: inout StateReader, verifies: Bool) throws -> KeyedHash {
        let key = try state.counted()
        guard key.count == KeyedHash.keyBytes else { throw state.damage }
        guard try state.number() == (verifies ? 1 : 0) else {
            throw StageError("the saved state of 'dedupe' was made with another 'verify'")
        }
        return try KeyedHash(key: key)
    }

    /// Takes apart what `save` has written, behind what goes before it.
    static func kept(_ state: inout StateReader, _ head: OutputBuffer) throws -> KeptFingerprints {
        let (key, verifies) = (try state.counted(), try state.count())
        head.append(counted: key)
        head.append(number: verifies)
        _ = try state.count()
        let count = try state.count()
        guard count <= Int.max / 2 else { throw state.damage }
        let fingerprints = try state.numbers(2 * count)
        return unsafe KeptFingerprints(
            head: Array(head.bytes),
            fingerprints: (0..<count).map {
                KeptFingerprint(high: fingerprints[2 * $0], low: fingerprints[2 * $0 + 1])
            },
            texts: try state.counted()
        )
    }

    /// Takes over what another has saved.
    mutating func restore(_ state: inout StateReader) throws {
        hash = try Self.hash(&state, verifies: log != nil)
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
