import MHPipeKit
import MHPipeTestSupport

/// A made-up trail of sessions, in which it is known who stands behind each event.
struct GeneratedSessions {
    /// What shall be found of an event.
    struct Expected: Hashable {
        var origin: String?
        var chain: [String]
        var certainty: String
    }

    /// Credentials that somebody has.
    private struct Credentials {
        /// The `userIdentity` of what is done with them, but for the access key.
        var identity: String
        var accessKeyId: String
        /// The same as another account sees it.
        var foreign: String
        var account: String
        var expected: Expected
        /// How sure it is who uses them when the key says nothing.
        var withoutKey: String
    }

    private(set) var events: [String] = []
    /// By the events' ids.
    private(set) var expected: [String: Expected] = [:]
    private var random: SplitMix64
    private var keys = 0
    private var time: Int64 = 1_780_000_000

    init(seed: UInt64, people: Int) {
        random = SplitMix64(seed: seed)
        for number in 0..<people { addPerson(number) }
    }

    private mutating func addPerson(_ number: Int) {
        let account = "11112222000\(number % 3)"
        var mine =
            switch number % 5 {
            case 0: user("alice\(number)", account)
            case 1: assertedSession("SAMLUser", "AssumeRoleWithSAML", "bob\(number)@example.com", account)
            case 2: federatedUser("carol\(number)", account)
            case 3: assertedSession("WebIdentityUser", "AssumeRoleWithWebIdentity", "app-\(number)", account)
            default: signInSession("dan\(number)", account)
            }
        call(mine)
        for hop in 0..<random.below(5) {
            let target = random.once(in: 2) ? account : "33334444000\(random.below(2))"
            let session = random.once(in: 2) ? "session" : "s\(number)"
            mine = assumeRole("Hop\(hop)", session, in: target, by: mine, isLost: random.once(in: 6))
            call(mine)
            if random.once(in: 3) { call(mine, isLate: true) }
            if random.once(in: 2) { call(mine, key: nextKey(), certainty: mine.withoutKey) }
        }
    }

    private mutating func user(_ name: String, _ account: String) -> Credentials {
        let arn = "arn:aws:iam::\(account):user/\(name)"
        let id = "AIDA\(name.uppercased().prefix { $0 != "@" })"
        return Credentials(
            identity:
                #""type":"IAMUser","principalId":"\#(id)","arn":"\#(arn)","accountId":"\#(account)","userName":"\#(name)""#,
            accessKeyId: "AKIA\(name.uppercased())",
            foreign: #"{"type":"AWSAccount","principalId":"\#(id)","accountId":"\#(account)"}"#,
            account: account,
            expected: Expected(origin: arn, chain: [arn], certainty: "certain"),
            withoutKey: "certain"
        )
    }

    /// A session that began with what an identity provider says of a user.
    private mutating func assertedSession(_ type: String, _ action: String, _ name: String, _ account: String)
        -> Credentials
    {
        let caller = #"{"type":"\#(type)","principalId":"provider:\#(name)","userName":"\#(name)"}"#
        let person = Expected(origin: name, chain: [name], certainty: "certain")
        let session = session("Federated", name, account, person)
        add(action, caller, account, person, response: issued(session, "Federated", name))
        return session
    }

    private mutating func federatedUser(_ name: String, _ account: String) -> Credentials {
        let mine = user(name, account)
        call(mine)
        let key = nextKey()
        step()
        let (id, arn) = ("\(account):\(name)-fed", "arn:aws:sts::\(account):federated-user/\(name)-fed")
        add(
            "GetFederationToken",
            identity(mine),
            account,
            mine.expected,
            response:
                #"{"credentials":{"accessKeyId":"\#(key)"},"federatedUser":{"federatedUserId":"\#(id)","arn":"\#(arn)"}}"#
        )
        let issuer = #"{"type":"IAMUser","arn":"\#(mine.expected.chain[0])","userName":"\#(name)"}"#
        return Credentials(
            identity:
                #""type":"FederatedUser","principalId":"\#(id)","arn":"\#(arn)","accountId":"\#(account)","sessionContext":{"sessionIssuer":\#(issuer),"attributes":{"creationDate":"\#(now)"}}"#,
            accessKeyId: key,
            foreign: #"{"type":"AWSAccount","principalId":"\#(id)","accountId":"\#(account)"}"#,
            account: account,
            expected: Expected(
                origin: mine.expected.origin,
                chain: mine.expected.chain + [arn],
                certainty: "certain"
            ),
            withoutKey: "certain"
        )
    }

    /// A session of which nothing is known but under which sign-in it is used.
    private mutating func signInSession(_ name: String, _ account: String) -> Credentials {
        let mine = user(name, account)
        step()
        let signIn = "arn:aws:signin:us-east-1:\(account):session/\(name)"
        add(
            "CreateOAuth2Token",
            identity(mine),
            account,
            mine.expected,
            source: "signin",
            more: #","additionalEventData":{"signInSessionArn":"\#(signIn)"}"#
        )
        var session = session("Portal", name, account, mine.expected)
        session.identity = session.identity.replacing(
            #""sessionContext":{"#,
            with: #""sessionContext":{"signInSessionArn":"\#(signIn)","#
        )
        session.withoutKey = "certain"
        return session
    }

    private mutating func assumeRole(
        _ role: String,
        _ name: String,
        in account: String,
        by caller: Credentials,
        isLost: Bool
    ) -> Credentials {
        var session = session(role, name, account, caller.expected)
        guard !isLost else {
            let arn = session.expected.chain[session.expected.chain.count - 1]
            session.expected = Expected(origin: nil, chain: [arn], certainty: "unknown")
            session.withoutKey = "unknown"
            return session
        }
        let response = issued(session, role, name)
        guard account != caller.account else {
            add("AssumeRole", identity(caller), account, caller.expected, response: response)
            return session
        }
        let shared = #","sharedEventID":"shared-\#(session.accessKeyId)""#
        let isBrief = random.once(in: 3)
        add(
            "AssumeRole",
            identity(caller),
            caller.account,
            caller.expected,
            response: isBrief ? "null" : response,
            more: shared
        )
        add("AssumeRole", caller.foreign, account, caller.expected, response: response, more: shared)
        return session
    }

    private mutating func session(_ role: String, _ name: String, _ account: String, _ issuer: Expected) -> Credentials
    {
        step()
        let arn = "arn:aws:sts::\(account):assumed-role/\(role)/\(name)"
        let id = "AROA\(role.uppercased())\(account):\(name)"
        let context =
            #"{"sessionIssuer":{"type":"Role","userName":"\#(role)"},"attributes":{"creationDate":"\#(now)"}}"#
        return Credentials(
            identity:
                #""type":"AssumedRole","principalId":"\#(id)","arn":"\#(arn)","accountId":"\#(account)","sessionContext":\#(context)"#,
            accessKeyId: nextKey(),
            foreign: #"{"type":"AWSAccount","principalId":"\#(id)","accountId":"\#(account)"}"#,
            account: account,
            expected: Expected(origin: issuer.origin, chain: issuer.chain + [arn], certainty: issuer.certainty),
            withoutKey: issuer.certainty == "certain" ? "likely" : issuer.certainty
        )
    }

    private func issued(_ session: Credentials, _ role: String, _ name: String) -> String {
        let arn = "arn:aws:sts::\(session.account):assumed-role/\(role)/\(name)"
        let id = "AROA\(role.uppercased())\(session.account):\(name)"
        return
            #"{"credentials":{"accessKeyId":"\#(session.accessKeyId)"},"assumedRoleUser":{"assumedRoleId":"\#(id)","arn":"\#(arn)"}}"#
    }

    private mutating func call(
        _ credentials: Credentials,
        key: String? = nil,
        certainty: String? = nil,
        isLate: Bool = false
    ) {
        var used = credentials
        used.accessKeyId = key ?? credentials.accessKeyId
        used.expected.certainty = certainty ?? credentials.expected.certainty
        let error = isLate ? #","errorCode":"ExpiredToken""# : ""
        add(
            "DescribeInstances",
            identity(used),
            used.account,
            used.expected,
            source: "ec2",
            more: error,
            isLate: isLate
        )
    }

    private func identity(_ credentials: Credentials) -> String {
        #"{\#(credentials.identity),"accessKeyId":"\#(credentials.accessKeyId)"}"#
    }

    private mutating func add(
        _ action: String,
        _ identity: String,
        _ account: String,
        _ expected: Expected,
        response: String = "null",
        source: String = "sts",
        more: String = "",
        isLate: Bool = false
    ) {
        let id = "event-\(events.count)"
        let time = Timestamp(seconds: time + (isLate ? 200_000 : 0)).description
        events.append(
            #"{"eventVersion":"1.08","userIdentity":\#(identity),"eventTime":"\#(time)","eventSource":"\#(source).amazonaws.com","eventName":"\#(action)","responseElements":\#(response),"eventID":"\#(id)","recipientAccountId":"\#(account)"\#(more)}"#
        )
        self.expected[id] = expected
    }

    private var now: String { Timestamp(seconds: time).description }

    /// Sessions begin so far apart that their times tell them apart.
    private mutating func step() { time += 20 + Int64(random.below(100)) }

    private mutating func nextKey() -> String {
        keys += 1
        return "ASIA\(keys)"
    }
}
