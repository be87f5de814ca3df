import MHPipeIO
package import MHPipeKit

/// Verifies the digest files of trails, and the log files that they list.
package struct TrailVerifier {
    /// Finds public keys for digest files of some regions that were signed in a time, by their regions; none where nobody can be
    /// asked.
    package typealias KeySearch = (_ regions: [String], _ time: Range<Timestamp>) -> [String: RegionKeys]

    let store: any TrailStore
    /// Those that were given, or were found in their place.
    private(set) var keys: TrailKeys
    private let findKeys: KeySearch
    let selection: TrailSelection
    /// The time up to which something can have been delivered.
    let now: Timestamp
    let pool: ObjectReaderPool

    /// Makes a verifier.
    ///
    /// - Parameters:
    ///   - store: Where the files are.
    ///   - keys: The public keys; nil when none were given.
    ///   - selection: Which of the files are looked at.
    ///   - now: The time at which it is done.
    ///   - findKeys: Asked when none were given.
    package init(
        _ store: any TrailStore,
        keys: PublicKeys?,
        _ selection: TrailSelection,
        now: Timestamp,
        findKeys: @escaping KeySearch = { _, _ in [:] }
    ) {
        self.store = store
        self.keys = TrailKeys(given: keys)
        self.selection = selection
        self.now = now
        self.findKeys = findKeys
        pool = ObjectReaderPool(store)
    }

    /// Looks at all files: chain by chain, each from its oldest digest file to its newest, with the log files of each behind
    /// it, and the log files that nobody lists at the end.
    ///
    /// - Parameter report: Takes what is found.
    /// - Returns: What it amounts to.
    /// - Throws: `StageError` when something cannot be read that says nothing of the trail; what `report` throws.
    package func verify(_ report: (TrailFinding) throws -> Void) throws -> TrailTotals {
        var totals = TrailTotals()
        var listed = ListedLogs()
        let chains = try listDigests()
        let verifier = knowingKeys(of: chains)
        totals.hasKeys = verifier.keys.isThereAny
        for (region, keys) in verifier.keys.found.sorted(by: { $0.key < $1.key }) {
            switch keys {
            case .known: totals.keyRegions.append(region)
            case .missing(let reason): totals.keylessRegions[region] = reason ?? ""
            }
        }
        let named = (selection.accounts ?? []).subtracting(chains.keys.map(\.account)).sorted()
        totals.absent = named + (selection.regions ?? []).subtracting(chains.keys.map(\.region)).sorted()
        let objects = store.listAhead(.all, of: selection)
        for chain in chains.keys.sorted() {
            let verification = try ChainVerification(chain, chains[chain] ?? [], verifier)
            for digest in verification.digests { listed.insert(digest.object) }
            for finding in [.chain(chain)] + (try verification.findings()) {
                totals.add(finding)
                if case .log(let log) = finding { listed.insert(log.object) }
                try report(finding)
            }
            listed.noteEnd(verification.end, of: chain)
        }
        try objects.forEach { object in
            let key = CloudTrailKey(file: Array(object.key.utf8))
            guard listed.isUnlisted(object), key.map(selection.has) ?? true,
                DigestKey(object.key).map(selection.has) ?? true
            else { return }
            let isAfterLastDigest = key.map(listed.isAfterLastDigest) ?? false
            let finding = TrailFinding.unlisted(object, isAfterLastDigest: isAfterLastDigest)
            totals.add(finding)
            try report(finding)
        }
        for folder in store.unlistedFolders {
            totals.add(.folder(folder))
            try report(.folder(folder))
        }
        return totals
    }

    /// The verifier with public keys, where none were given and some can be had.
    func knowingKeys(of chains: [ChainName: [ListedDigest]]) -> TrailVerifier {
        let times = chains.values.joined().map(\.key.time)
        guard keys.given == nil, let first = times.min() else { return self }
        var verifier = self
        // The hour that a digest file is about lies before its time; one that was made later was signed since.
        let start = first.advanced(by: .seconds(-3 * 3600))
        let regions = Set(chains.keys.map(\.region)).sorted()
        verifier.keys.found = findKeys(regions, start..<max(now, start))
        return verifier
    }

    /// The digest files that are asked for, by chains; a chain of another time has none.
    func listDigests() throws -> [ChainName: [ListedDigest]] {
        var chains: [ChainName: [ListedDigest]] = [:]
        try store.forEachObject(.digests, of: selection) { object in
            guard let key = DigestKey(object.key),
                selection.has(account: key.chain.account, region: key.chain.region)
            else { return }
            chains[key.chain, default: []] += selection.has(key) ? [ListedDigest(object: object, key: key)] : []
        }
        return chains
    }
}

/// A digest file that is there.
struct ListedDigest: Sendable {
    let object: ObjectAddress
    let key: DigestKey
}
