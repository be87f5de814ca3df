import MHPipeKit

/// Finds the events that issue credentials, and what they say.
struct IssuanceReader {
    private var callers = CallerReader()
    private let names = FieldSet([FieldPath("eventSource"), FieldPath("eventName"), FieldPath("errorCode")])
    private let users = FieldSet([FieldPath("userIdentity", "principalId"), FieldPath("userIdentity", "arn")])
    private let sharing = FieldSet([FieldPath("sharedEventID")])
    private let callerFields = FieldSet(CallerReader.fields)
    private let details = FieldSet(CallerReader.fields + Self.fields)

    /// Behind those of a caller, in the order of `Field`.
    private static let fields = [
        FieldPath("eventName"),
        FieldPath("responseElements", "credentials", "accessKeyId"),
        FieldPath("responseElements", "assumedRoleUser", "assumedRoleId"),
        FieldPath("responseElements", "assumedRoleUser", "arn"),
        FieldPath("responseElements", "federatedUser", "federatedUserId"),
        FieldPath("responseElements", "federatedUser", "arn"), FieldPath("responseElements", "SwitchRole"),
        FieldPath("requestParameters", "durationSeconds"), FieldPath("requestParameters", "targetPrincipal"),
        FieldPath("additionalEventData", "signInSessionArn"), FieldPath("additionalEventData", "SwitchFrom"),
    ]

    private enum Field: Int {
        case eventName = 6, accessKeyId, roleUserId, roleUserARN, federatedUserId, federatedUserARN
        case switchRole, duration, targetPrincipal, signInSession, switchFrom
    }

    /// Learns what the events of a batch say.
    mutating func read(_ batch: EventBatch, into graph: inout CredentialGraph) {
        batch.forEach(users) { event in
            guard event.slice(0).hasPrefix("AIDA"), event.slice(1).arnResource.hasPrefix("user/"),
                let id = event.string(0), let arn = event.string(1)
            else { return }
            graph.learn(user: id, arn: arn)
        }
        let shared = batch.fork()
        shared.keep(sharing) { $0.slice(0).isPresent }
        if !shared.isEmpty {
            let reader = TextReader(cursor: JSONCursor(shared.window), column: shared.addColumn("", members: []))
            shared.forEach(callerFields) { event in
                guard let caller = callers.caller(shared, event, reader),
                    let id = event.string(CallerReader.sharedEventID)
                else { return }
                graph.learn(caller, sharing: id)
            }
        }
        let issuing = batch.fork()
        issuing.keep(names) { event in
            guard unsafe event.isAbsent(2) || event.slice(2).bytes.isEmpty else { return false }
            if event.slice(0).hasPrefix("signin.") { return true }
            guard event.slice(0).hasPrefix("sts.") else { return false }
            let name = event.slice(1)
            return name.hasPrefix("AssumeRo") || name.hasPrefix("GetFederationToken")
                || name.hasPrefix("GetSessionToken")
        }
        guard !issuing.isEmpty else { return }
        let reader = TextReader(cursor: JSONCursor(issuing.window), column: issuing.addColumn("", members: []))
        issuing.forEach(details) { event in
            guard let caller = callers.caller(issuing, event, reader) else { return }
            learn(event, caller, into: &graph)
        }
    }

    private func learn(_ event: borrowing FieldValues, _ caller: Caller, into graph: inout CredentialGraph) {
        func text(_ field: Field) -> String? { event.slice(field.rawValue).nonEmptyString }
        let time = event.string(CallerReader.time).flatMap { CallerReader.seconds($0) } ?? 0
        var issuance = Issuance(caller: caller, time: time, end: time + 3600)
        let name = text(.eventName)
        switch name {
        case "SwitchRole":
            guard let from = text(.switchFrom), from != caller.name, text(.switchRole) != "Failure" else { return }
            issuance.caller = Caller(arn: from)
            issuance.principalId = caller.principalId
            issuance.arn = caller.name
            issuance.end = time + 12 * 3600
        case "GetFederationToken", "GetSessionToken":
            issuance.end = time + (event.int(Field.duration.rawValue).map(Int64.init) ?? 12 * 3600)
            issuance.accessKeyId = text(.accessKeyId)
            issuance.principalId = text(.federatedUserId)
            issuance.arn = text(.federatedUserARN)
        case _ where text(.signInSession) != nil:
            issuance.signInSession = text(.signInSession)
        default:
            issuance.end = time + (event.int(Field.duration.rawValue).map(Int64.init) ?? 3600)
            issuance.accessKeyId = text(.accessKeyId)
            issuance.principalId = text(.roleUserId)
            issuance.arn = text(.roleUserARN)
            if name == "AssumeRoot", issuance.accessKeyId != nil {
                issuance.principalId = text(.targetPrincipal).map {
                    $0.hasPrefix("arn:") ? Caller(arn: $0).account : $0
                }
            }
        }
        issuance.sharedEventID = event.slice(CallerReader.sharedEventID).nonEmptyString
        graph.learn(issuance)
    }
}

extension Caller {
    /// A caller of whom only the ARN is told.
    fileprivate init(arn: String) {
        self.init()
        name = arn
        let resource = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).last ?? ""
        kind = resource.hasPrefix("user/") ? .user : resource == "root" ? .root : .session
        principalId = kind == .session ? arn : nil
    }

    fileprivate var account: String {
        let parts = name.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 ? String(parts[4]) : name
    }
}
