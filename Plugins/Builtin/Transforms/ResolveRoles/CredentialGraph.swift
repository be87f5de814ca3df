import MHPipeKit

/// All events that issued credentials, and from them who stands behind any.
///
/// Whatever the order in which they came, what is found is the same: nothing is looked for before all have come, and they
/// are gone through by their time.
struct CredentialGraph {
    private var issuances: Set<Issuance> = []
    /// The ARNs of users by their ids, for accounts that know only the ids of others' users.
    private var users: [String: String] = [:]
    /// The best description of the caller of an event that was delivered to several accounts, by its number.
    private var shared: [String: Int] = [:]
    private var callers: [Caller] = []
    private var callerNumbers: [Caller: Int] = [:]
    private(set) var byteCount = 0

    // Made by `settle`.
    private var ordered: [Issuance] = []
    private var byKey: [String: [Int]] = [:]
    private var byPrincipal: [String: [Int]] = [:]
    private var bySignIn: [String: [Int]] = [:]
    private var origins: [Origin?] = []

    /// Between the time of an event and the time that its credentials have may lie so many seconds.
    private static let slack: Int64 = 5
    /// Steps that are gone back; real chains have a handful.
    private static let mostSteps = 200

    mutating func learn(_ issuance: Issuance) {
        if let id = issuance.principalId, let arn = issuance.arn { learn(user: id, arn: arn) }
        guard issuance.accessKeyId != nil || issuance.principalId != nil || issuance.signInSession != nil else {
            return
        }
        // No credentials issue themselves.
        guard issuance.accessKeyId == nil || issuance.accessKeyId != issuance.caller.accessKeyId else { return }
        if issuances.insert(issuance).inserted { byteCount += issuance.byteCount }
    }

    /// Learns who made a call that was delivered to several accounts, of which some know more than others.
    mutating func learn(_ caller: Caller, sharing id: String) {
        guard !caller.isVague else { return }
        let known = shared[id]
        let best = known.map { Caller.better(callers[$0], caller) } ?? caller
        if known == nil { byteCount += 150 }
        let number = callerNumbers[best] ?? callers.count
        if number == callers.count {
            callers.append(best)
            callerNumbers[best] = number
            byteCount += 2 * best.byteCount
        }
        shared[id] = number
    }

    /// The caller, as the account knows it that knows most.
    func best(_ caller: Caller, sharing id: String?) -> Caller {
        guard let number = id.flatMap({ shared[$0] }) else { return caller }
        return Caller.better(caller, callers[number])
    }

    mutating func learn(user principalId: String, arn: String) {
        guard let known = users[principalId] else {
            users[principalId] = arn
            byteCount += 200
            return
        }
        users[principalId] = min(known, arn)
    }

    /// To be called when all is learnt: finds who stands behind every issuance.
    mutating func settle() {
        // The copies of an event in several accounts are told by what they share, and by the key that was issued.
        var issuers: [String: Caller] = [:]
        for issuance in issuances {
            guard let key = issuance.accessKeyId else { continue }
            let issuer = best(issuance.caller, sharing: issuance.sharedEventID)
            issuers[key] = issuers[key].map { Caller.better($0, issuer) } ?? issuer
        }
        let merged = issuances.map { issuance in
            var issuance = issuance
            issuance.caller = best(issuance.caller, sharing: issuance.sharedEventID)
            if let issuer = issuance.accessKeyId.flatMap({ issuers[$0] }) {
                issuance.caller = Caller.better(issuance.caller, issuer)
            }
            issuance.sharedEventID = nil
            return issuance
        }
        ordered = Set(merged).sorted(by: Issuance.isBefore)
        issuances = []
        for (number, issuance) in ordered.enumerated() {
            if let key = issuance.accessKeyId { byKey[key, default: []].append(number) }
            for id in [issuance.principalId, issuance.arn] {
                if let id { byPrincipal[id, default: []].append(number) }
            }
            if let session = issuance.signInSession { bySignIn[session, default: []].append(number) }
        }
        origins = Array(repeating: nil, count: ordered.count)
        for number in ordered.indices { _ = origin(ofIssuance: number, steps: 0) }
    }

    /// Who stands behind credentials that were used at a time.
    mutating func origin(of caller: Caller, at time: Int64) -> Origin {
        origin(of: caller, at: time, steps: 0)
    }

    private mutating func origin(ofIssuance number: Int, steps: Int) -> Origin {
        if let known = origins[number] { return known }
        let issuance = ordered[number]
        // Should credentials have issued themselves, as no real ones do, it ends here.
        let dead = Origin(who: nil, chain: [issuance.caller.name], certainty: .unknown)
        guard steps < Self.mostSteps else { return dead }
        origins[number] = dead
        let found = origin(of: issuance.caller, at: issuance.time, steps: steps + 1)
        origins[number] = found
        return found
    }

    private mutating func origin(of caller: Caller, at time: Int64, steps: Int) -> Origin {
        let name = shown(caller)
        func itself(_ certainty: Origin.Certainty) -> Origin { Origin(who: name, chain: [name], certainty: certainty) }
        if isOrigin(caller) { return itself(.certain) }

        if let (numbers, step) = issuances(of: caller, at: time) {
            let found = Set(numbers.map { origin(ofIssuance: $0, steps: steps) })
            let before = Self.joined(found)
            // Who takes new credentials for the same identity is no further step.
            let isSame = before.chain.last == name && numbers.allSatisfy { ordered[$0].isRenewal(of: caller) }
            return isSame ? before : claimed(caller, before.followed(by: name, step))
        }
        if let issuer = caller.issuer { return Origin(who: issuer, chain: [issuer, name], certainty: .certain) }
        if caller.kind == .root, !caller.isAssumedRoot { return itself(.certain) }
        return claimed(caller, Origin(who: nil, chain: name.isEmpty ? [] : [name], certainty: .unknown))
    }

    /// The issuances that credentials can have come of, and how sure that is; nil when there is none.
    private func issuances(of caller: Caller, at time: Int64) -> ([Int], Origin.Certainty)? {
        if let key = caller.accessKeyId, let numbers = byKey[key] { return (numbers, .certain) }
        if let session = caller.signInSession, let numbers = bySignIn[session] {
            // The event that begins a session is made under it, too.
            let others = numbers.filter { ordered[$0].caller != caller }
            if !others.isEmpty { return (others, .certain) }
        }
        // What the event says itself of who issued them is surer than what is found by time.
        guard caller.issuer == nil, let id = caller.principalId, let numbers = byPrincipal[id] else { return nil }
        guard caller.kind != .root || caller.isAssumedRoot else { return nil }
        guard let created = caller.created else {
            let usable = numbers.filter { ordered[$0].time <= time + Self.slack && time <= ordered[$0].end }
            return usable.isEmpty ? nil : (usable, .likely)
        }
        let exact = numbers.filter { ordered[$0].time == created }
        if !exact.isEmpty { return (exact, .likely) }
        let near = numbers.filter { abs(ordered[$0].time - created) <= Self.slack }
        return near.isEmpty ? nil : (near, .likely)
    }

    /// One origin of several; where they agree on who it is, the chain is what they have in common.
    private static func joined(_ origins: Set<Origin>) -> Origin {
        guard origins.count > 1 else { return origins.first ?? Origin(who: nil, chain: [], certainty: .unknown) }
        let whos = Set(origins.map(\.who))
        let chains = origins.map(\.chain).sorted { $0.lexicographicallyPrecedes($1) }
        let common = zip(chains[0], chains[chains.count - 1]).prefix { $0.0 == $0.1 }.map(\.0)
        guard whos.count == 1, let who = whos.first, let who else {
            return Origin(who: nil, chain: common, certainty: .ambiguous)
        }
        let isCertain = origins.allSatisfy { $0.certainty == .certain }
        return Origin(who: who, chain: common, certainty: isCertain ? .certain : .likely)
    }

    /// What was found, or whom the session says that it is for where nobody was.
    private func claimed(_ caller: Caller, _ found: Origin) -> Origin {
        guard found.who == nil, let claim = caller.claim else { return found }
        return Origin(who: claim, chain: [claim] + found.chain, certainty: .likely)
    }

    private func isOrigin(_ caller: Caller) -> Bool {
        switch caller.kind {
        case .user, .person, .service: true
        case .otherAccount: caller.principalId?.hasPrefix("AIDA") == true
        case .unknown, .session, .federated, .root: false
        }
    }

    private func shown(_ caller: Caller) -> String {
        guard caller.kind == .otherAccount, let id = caller.principalId else { return caller.name }
        return users[id] ?? caller.name
    }
}

extension Issuance {
    /// True when it gave somebody other credentials for what it was already.
    fileprivate func isRenewal(of issued: Caller) -> Bool {
        signInSession != nil && caller.principalId == issued.principalId
            || issued.kind == .root && caller.kind == .root && caller.principalId == issued.principalId
    }
}
