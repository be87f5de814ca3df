import MHPipeKit

/// Verifies the digest files of one chain, those that were made later among them.
final class ChainVerification {
    private let name: ChainName
    private let verifier: TrailVerifier
    private(set) var digests: [LoadedDigest] = []
    /// What each of them is.
    private(set) var verdicts: [Verdict] = []
    private var places: [ObjectAddress: Int] = [:]
    /// The signatures that later digest files hold.
    private var signatures: [ObjectAddress: (text: String, trust: Int)] = [:]
    /// Digest files that a later one names and that are not there, with the place of that one.
    private(set) var missing: [(digest: ObjectAddress, detail: String?, namedBy: Int)] = []

    /// Reads the digest files, and those before them that are asked for and that nobody has listed.
    init(_ name: ChainName, _ listed: [ListedDigest], _ verifier: TrailVerifier) throws {
        self.name = name
        self.verifier = verifier
        var known: Set<ObjectAddress> = []
        var next = listed.filter { known.insert($0.object).inserted }
        while !next.isEmpty {
            let new = digests.count
            let keys = verifier.keys
            let read = try verifier.pool.map(next, address: \.object) { try LoadedDigest($0, $1, $2, keys) }
            digests += read.compactMap(\.self)
            verdicts += digests[new...].map { _ in Verdict.invalid(.format) }
            for place in (new..<digests.count).sorted(by: { digests[$0].key.time > digests[$1].key.time }) {
                verdicts[place] = digests[place].verdict(keys, signature: signatures[digests[place].object]?.text)
                note(digests[place].file?.previous, by: verdicts[place])
            }
            next = []
            for place in new..<digests.count {
                places[digests[place].object] = place
                guard verdicts[place].outcome != .invalid, let file = digests[place].file, let previous = file.previous,
                    verifier.selection.reaches(before: file.start), known.insert(previous.object).inserted
                else { continue }
                // Where it is not there, that is found when it is to be read.
                next.append(
                    ListedDigest(object: previous.object, key: DigestKey(previous.object.key) ?? digests[place].key)
                )
            }
            let absent = try absences(of: next)
            missing += absent.map { ($0.key, $0.value.detail, namedBy: place(naming: $0.key)) }
            next.removeAll { absent[$0.object] != nil }
        }
        for place in digests.indices { link(place) }
    }

    /// Notes the signature that a digest file holds of the one before it, unless one that is trusted more holds another.
    private func note(_ previous: DigestFile.Previous?, by verdict: Verdict) {
        guard let previous, let text = previous.signature else { return }
        let trust =
            switch verdict.outcome {
            case .valid: 2
            case .unverified: 1
            case .invalid: 0
            }
        guard trust > signatures[previous.object]?.trust ?? -1 else { return }
        signatures[previous.object] = (text, trust)
    }

    /// When the last digest file ends.
    var end: Timestamp? { digests.compactMap(\.file?.end).max() }

    private func absences(of listed: [ListedDigest]) throws -> [ObjectAddress: MissingObject] {
        var absent: [ObjectAddress: MissingObject] = [:]
        for digest in listed { absent[digest.object] = try verifier.store.absence(of: digest.object) }
        return absent
    }

    private func place(naming object: ObjectAddress) -> Int {
        digests.lastIndex { $0.file?.previous?.object == object } ?? 0
    }

    /// Holds a digest file against what the one behind it says of it.
    private func link(_ place: Int) {
        guard verdicts[place].outcome != .invalid, let file = digests[place].file, let previous = file.previous else {
            return
        }
        if let algorithm = previous.algorithm, algorithm != DigestFile.knownHash {
            verdicts[place] = .invalid(
                .algorithm,
                "the digest file before it is hashed by '\(algorithm)', not by '\(DigestFile.knownHash)'"
            )
            return
        }
        guard let before = places[previous.object], verdicts[before].outcome != .invalid,
            let earlier = digests[before].file
        else { return }
        if earlier.start >= file.start {
            verdicts[place] = .invalid(.order, "the digest file that it names as the one before it is not earlier")
        } else if let hash = previous.sha256, hash != digests[before].sha256 {
            verdicts[before] = .invalid(.previousHash, "\(digests[place].object.name) tells of another one")
        } else if let own = digests[before].metadata?["signature"], let signature = previous.signature,
            // One number may be written in digits of either case.
            own.lowercased() != signature.lowercased()
        {
            verdicts[before] = .invalid(.previousSignature, "\(digests[place].object.name) tells of another one")
        }
    }

    // MARK: - What is found

    /// All that is found, from the oldest digest file to the newest.
    func findings() throws -> [TrailFinding] {
        let checks = try LogChecks(digests, verifier)
        let order = digests.indices.sorted {
            (digests[$0].key.time, digests[$0].object.key) < (digests[$1].key.time, digests[$1].object.key)
        }
        var gaps = self.gaps(order)[...]
        var findings: [TrailFinding] = []
        func addGaps(before time: Timestamp?) {
            while let gap = gaps.first, time.map({ gap.start < $0 }) ?? true {
                findings.append(.gap(gaps.removeFirst()))
            }
        }
        for place in order {
            let digest = digests[place]
            addGaps(before: digest.key.time)
            for absent in missing.filter({ $0.namedBy == place }) {
                findings.append(.digest(notFound(absent.digest, absent.detail)))
            }
            findings.append(
                .digest(
                    DigestFinding(
                        object: digest.object,
                        isBackfill: digest.key.isBackfill,
                        start: digest.file?.start,
                        end: digest.file?.end,
                        logs: digest.file?.logs.count ?? 0,
                        verdict: verdicts[place]
                    )
                )
            )
            for log in digest.file?.logs ?? [] {
                let verdict = checks.verdict(log, ofDigest: verdicts[place])
                findings.append(.log(LogFinding(object: log.object, digest: digest.object, verdict: verdict)))
            }
        }
        addGaps(before: nil)
        return findings
    }

    private func notFound(_ object: ObjectAddress, _ detail: String?) -> DigestFinding {
        DigestFinding(
            object: object,
            isBackfill: DigestKey(object.key)?.isBackfill ?? false,
            start: nil,
            end: nil,
            logs: 0,
            verdict: .invalid(.notFound, detail)
        )
    }

    /// The times of which no digest file tells.
    private func gaps(_ order: [Int]) -> [TrailGap] {
        var coverage = TrailCoverage(name, verifier.selection, now: verifier.now)
        for place in order {
            let digest = digests[place]
            guard verdicts[place].outcome != .invalid, let file = digest.file else {
                // What it says of its time counts for nothing, and that it is invalid is said of it.
                coverage.add(digest.key.time.advanced(by: .seconds(-3600)), digest.key.time, nil)
                continue
            }
            let reason: TrailGap.Reason =
                if file.previous == nil { .restart } else {
                    missing.contains { $0.namedBy == place } ? .missing : .between
                }
            coverage.add(file.start, file.end, digest.key.isBackfill && reason == .restart ? nil : reason)
        }
        return coverage.gaps
    }
}
