/// Makes the principals of one account, each with ids of its own.
struct PrincipalMaker {
    let account: String
    var random: SyntheticRandom

    /// The session of a role.
    ///
    /// - Parameters:
    ///   - role: The role's name.
    ///   - session: The session's name.
    ///   - path: The role's path without its first slash.
    ///   - agent: The user agent.
    ///   - address: The source address.
    ///   - provider: The identity provider's ARN, for a role taken by a web identity.
    ///   - service: The service that works with the role, for its service-linked roles.
    ///   - isInstance: True for the role of an EC2 instance.
    ///   - usesConsole: True for a session of the console.
    /// - Returns: The principal.
    mutating func role(
        _ role: String,
        session: String,
        path: String = "",
        agent: String,
        address: String,
        provider: String? = nil,
        service: String? = nil,
        isInstance: Bool = false,
        usesConsole: Bool = false
    ) -> Principal {
        let id = "AROA\(random.base32(17))"
        let arn = "arn:aws:sts::\(account):assumed-role/\(role)/\(session)"
        var start =
            #"{"type":"AssumedRole","principalId":"\#(id):\#(session)","arn":"\#(arn)","accountId":"\#(account)""#
        if service == nil || random.happens(500) { start += #","accessKeyId":"ASIA\#(random.base32(16))""# }
        start += #","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"\#(id)","#
        start +=
            #""arn":"arn:aws:iam::\#(account):role/\#(path)\#(role)","accountId":"\#(account)","userName":"\#(role)"},"#
        if let provider {
            start += #""webIdFederationData":{"federatedProvider":"\#(provider)","attributes":{}},"#
        } else if random.happens(750) {
            start += #""webIdFederationData":{},"#
        }
        start += #""attributes":{"creationDate":""#
        var end = #"","mfaAuthenticated":"false"}"#
        if provider != nil, random.happens(200) { end += #","sourceIdentity":"deploy-bot""# }
        if isInstance { end += #","ec2RoleDelivery":"2.0""# }
        end += "}"
        if let service { end += #","invokedBy":"\#(service)""# }
        return Principal(
            identity: start,
            end: end + "}",
            arn: arn,
            address: service ?? address,
            agent: service ?? agent,
            usesConsole: usesConsole,
            usesTLS: service == nil,
            isInstance: isInstance
        )
    }

    /// A role that a service made for itself.
    mutating func serviceRole(_ role: String, _ service: String, session: String) -> Principal {
        let host = "\(service).amazonaws.com"
        return self.role(
            role,
            session: session,
            path: "aws-service-role/\(host)/",
            agent: "",
            address: "",
            service: host
        )
    }

    /// A user of IAM, with a long-term key or in the console.
    mutating func user(_ name: String, agent: String, usesConsole: Bool = false) -> Principal {
        let arn = "arn:aws:iam::\(account):user/\(name)"
        var identity = #"{"type":"IAMUser","principalId":"AIDA\#(random.base32(17))","arn":"\#(arn)","#
        identity +=
            #""accountId":"\#(account)","accessKeyId":"\#(usesConsole ? "ASIA" : "AKIA")\#(random.base32(16))","#
        identity += #""userName":"\#(name)""#
        guard usesConsole else {
            return Principal(identity: identity + "}", arn: arn, address: random.publicAddress(), agent: agent)
        }
        return Principal(
            identity: identity + Self.emptySession,
            end: #"","mfaAuthenticated":"\#(random.happens(600))"}}}"#,
            arn: arn,
            address: random.publicAddress(),
            agent: agent,
            usesConsole: true
        )
    }

    /// The root user, in the console.
    mutating func root() -> Principal {
        let arn = "arn:aws:iam::\(account):root"
        var identity = #"{"type":"Root","principalId":"\#(account)","arn":"\#(arn)","accountId":"\#(account)","#
        identity += #""accessKeyId":"ASIA\#(random.base32(16))""#
        return Principal(
            identity: identity + Self.emptySession,
            end: #"","mfaAuthenticated":"true"}}}"#,
            arn: arn,
            address: random.publicAddress(),
            agent: random.pick(SyntheticNames.browsers),
            usesConsole: true
        )
    }

    /// A user with credentials of `GetFederationToken`.
    mutating func federatedUser(_ name: String) -> Principal {
        let arn = "arn:aws:sts::\(account):federated-user/\(name)"
        let broker = "arn:aws:iam::\(account):user/federation-broker"
        var identity = #"{"type":"FederatedUser","principalId":"\#(account):\#(name)","arn":"\#(arn)","#
        identity += #""accountId":"\#(account)","accessKeyId":"ASIA\#(random.base32(16))","sessionContext":{"#
        identity += #""sessionIssuer":{"type":"IAMUser","principalId":"AIDA\#(random.base32(17))","arn":"\#(broker)","#
        identity += #""accountId":"\#(account)","userName":"federation-broker"},"webIdFederationData":{},"#
        identity += #""attributes":{"creationDate":""#
        return Principal(
            identity: identity,
            end: #"","mfaAuthenticated":"false"}}}"#,
            arn: arn,
            address: random.publicAddress(),
            agent: random.pick(SyntheticNames.browsers),
            usesConsole: true
        )
    }

    /// Anyone whose `userIdentity` is all that is known, from some address.
    mutating func other(_ identity: String, agent: String? = nil) -> Principal {
        Principal(
            identity: identity,
            address: random.publicAddress(),
            agent: agent ?? random.pick(SyntheticNames.browsers)
        )
    }

    private static let emptySession =
        #","sessionContext":{"sessionIssuer":{},"webIdFederationData":{},"attributes":{"creationDate":""#
}
