/// Who makes calls in one account, and how often.
struct PrincipalCensus {
    var maker: PrincipalMaker
    /// The roles that instances have.
    let roles: [String]
    /// An account that reaches into this one.
    let other: String

    mutating func principals() -> [Caller: WeightedChoice<Principal>] {
        let people = people()
        let users = users()
        let programs = programs()
        let tools = migrationTools()
        let root = maker.root()
        let federated = maker.federatedUser(maker.random.pick(SyntheticNames.people))
        let identityCenter = identityCenter()
        let otherAccount = otherAccount()
        let webIdentity = webIdentity()
        let saml = saml()
        let services = SyntheticNames.services.map { ($0, Principal.service($0)) }
        var choices: [Caller: WeightedChoice<Principal>] = [
            .anyone: Self.choice([
                (people, 150), (users, 210), (programs, 600), (tools, 5), ([root], 12), ([federated], 5),
                ([identityCenter[0]], 2),
            ]),
            .migrationTools: Self.choice([
                (tools, 580), (people, 240), (users, 50), ([root], 16), ([federated], 12), ([otherAccount[0]], 7),
                (webIdentity, 3), (saml, 3), (identityCenter, 9), ([directoryUser()], 2),
                (services.filter { ["mgn", "dms"].contains($0.0) }.map(\.1), 14),
            ]),
            .console: Self.choice([((people + users + [root]).filter(\.usesConsole), 1)]),
            .otherAccount: Self.choice([(otherAccount, 1)]),
            .webIdentity: Self.choice([(webIdentity, 1)]),
            .saml: Self.choice([(saml, 1)]),
            .identityCenter: Self.choice([(identityCenter, 1)]),
        ]
        for (name, principal) in services { choices[.service(name)] = Self.choice([([principal], 1)]) }
        for name in ["secretsmanager", "kms", "ecs"] { choices[.untyped(name)] = Self.choice([([untyped(name)], 1)]) }
        return choices
    }

    /// Shares each group's weight out evenly.
    private static func choice(_ groups: [(principals: [Principal], weight: Int)]) -> WeightedChoice<Principal> {
        WeightedChoice(
            groups.flatMap { group in group.principals.map { ($0, max(1, group.weight * 100 / group.principals.count)) }
            }
        )
    }

    /// People who signed in through Identity Center, at the console and the command line.
    private mutating func people() -> [Principal] {
        (0..<20).map { number in
            let set = maker.random.pick([
                "AdministratorAccess", "ReadOnlyAccess", "PowerUserAccess", "MigrationOperator",
            ])
            let isAtConsole = number % 2 == 0
            return maker.role(
                "AWSReservedSSO_\(set)_\(maker.random.hex(16))",
                session: mail(),
                path: "aws-reserved/sso.amazonaws.com/" + maker.random.pick(["", "eu-west-1/"]),
                agent: maker.random.pick(
                    isAtConsole ? SyntheticNames.browsers + SyntheticNames.console : SyntheticNames.commandLine
                ),
                address: maker.random.happens(950)
                    ? maker.random.publicAddress() : "2001:db8:\(maker.random.hex(4))::\(maker.random.hex(4))",
                usesConsole: isAtConsole && maker.random.happens(500)
            )
        }
    }

    private mutating func users() -> [Principal] {
        (0..<12).map { number in
            let person = maker.random.pick(SyntheticNames.people)
            let family = maker.random.pick(SyntheticNames.families)
            let application = maker.random.pick(SyntheticNames.applications)
            let isAtConsole = number % 2 == 0
            return maker.user(
                maker.random.pick([
                    "\(person).\(family)", "svc-\(application)", "ci-\(application)", "\(person)@example.com",
                ]),
                agent: maker.random.pick(
                    isAtConsole
                        ? SyntheticNames.console + SyntheticNames.browsers
                        : SyntheticNames.commandLine + SyntheticNames.python + SyntheticNames.go
                ),
                usesConsole: isAtConsole
            )
        }
    }

    /// Instances, functions, pipelines, clusters, scanners, and services in roles of their own.
    private mutating func programs() -> [Principal] {
        let instances = (0..<16).map { _ in
            maker.role(
                maker.random.pick(roles),
                session: "i-0\(maker.random.hex(16))",
                agent: maker.random.pick(SyntheticNames.java + SyntheticNames.go),
                address: maker.random.happens(500) ? maker.random.privateAddress() : maker.random.publicAddress(),
                isInstance: true
            )
        }
        let functions = (0..<12).map { _ in
            let function = "\(maker.random.pick(SyntheticNames.applications))-\(maker.random.pick(["handler", "cron"]))"
            return program(
                "\(function)-role-\(maker.random.hex(8))",
                function,
                SyntheticNames.python,
                path: "service-role/"
            )
        }
        let provider = "arn:aws:iam::\(maker.account):oidc-provider"
        let pipelines = (0..<5).map { number in
            program(
                maker.random.pick(["github-actions-deploy", "terraform-apply"]),
                maker.random.pick(["GitHubActions", "aws-go-sdk-17\(maker.random.text(11, of: "0123456789"))"]),
                SyntheticNames.terraform + SyntheticNames.commandLine,
                provider: number == 0 ? nil : "\(provider)/token.actions.githubusercontent.com"
            )
        }
        let clusters = (0..<5).map { _ in
            program(
                "eks-\(maker.random.pick(SyntheticNames.applications))-irsa",
                "botocore-session-17\(maker.random.text(8, of: "0123456789"))",
                SyntheticNames.go,
                provider: "\(provider)/oidc.eks.us-east-1.amazonaws.com/id/\(maker.random.base32(32))"
            )
        }
        let scanners = ["CloudSecurityScanner", "SecurityAudit"].map {
            program($0, "scanner-\(maker.random.hex(8))", SyntheticNames.python)
        }
        let services = [
            ("Config", "config"), ("AmazonInspector2", "inspector2"), ("AutoScaling", "autoscaling"), ("RDS", "rds"),
            ("AmazonSSM", "ssm"), ("ECS", "ecs"), ("AccessAnalyzer", "access-analyzer"), ("SecurityHub", "securityhub"),
        ].map { maker.serviceRole("AWSServiceRoleFor\($0.0)", $0.1, session: $0.0) }
        return instances + functions + pipelines + clusters + scanners + services
    }

    private mutating func program(
        _ role: String,
        _ session: String,
        _ agents: [String],
        path: String = "",
        provider: String? = nil
    ) -> Principal {
        maker.role(
            role,
            session: session,
            path: path,
            agent: maker.random.pick(agents),
            address: maker.random.publicAddress(),
            provider: provider
        )
    }

    private mutating func migrationTools() -> [Principal] {
        [
            maker.serviceRole(
                "AWSServiceRoleForApplicationMigrationService",
                "mgn",
                session: "MGN-\(maker.random.hex(8))"
            ),
            maker.serviceRole("AWSServiceRoleForMigrationHub", "migrationhub", session: "migrationhub-session"),
            maker.serviceRole("AWSServiceRoleForMigrationHubDMSAccess", "dms", session: "DMS-MGH"),
            program("MigrationFactory-Lambda", "MigrationFactory-MGHUpdate", SyntheticNames.python),
            maker.user("cloudendure-mgh", agent: maker.random.pick(SyntheticNames.java)),
            maker.user("rivermeadow-integration", agent: maker.random.pick(SyntheticNames.python)),
            maker.user("mgh.partner@example.com", agent: maker.random.pick(SyntheticNames.go)),
        ]
    }

    private mutating func identityCenter() -> [Principal] {
        let user = "\(maker.random.hex(10))-\(maker.random.uuid())"
        let store = "arn:aws:identitystore::\(maker.account):identitystore/d-\(maker.random.hex(10))"
        var identity =
            #"{"type":"IdentityCenterUser","principalId":"\#(maker.account)","accountId":"\#(maker.account)","#
        identity += #""onBehalfOf":{"userId":"\#(user)","identityStoreArn":"\#(store)"},"#
        identity += #""credentialId":"\#(maker.random.base32(128))"}"#
        let older =
            #"{"type":"Unknown","principalId":"\#(maker.account)","accountId":"\#(maker.account)","userName":"\#(mail())"}"#
        return [maker.other(identity), maker.other(older)]
    }

    private mutating func otherAccount() -> [Principal] {
        let role =
            #"{"type":"AWSAccount","principalId":"AROA\#(maker.random.base32(17)):backup-copy","accountId":"\#(other)"}"#
        var user = #"{"type":"AWSAccount","principalId":"AIDA\#(maker.random.base32(17))","accountId":"\#(other)","#
        user += #""invokedBy":"s3.amazonaws.com"}"#
        return [maker.other(role, agent: SyntheticNames.python[0]), maker.other(user, agent: "s3.amazonaws.com")]
    }

    private mutating func webIdentity() -> [Principal] {
        let provider = "arn:aws:iam::\(maker.account):oidc-provider/token.actions.githubusercontent.com"
        return (0..<2).map { _ in
            let user = "repo:example-org/\(maker.random.pick(SyntheticNames.applications)):ref:refs/heads/main"
            var identity = #"{"type":"WebIdentityUser","principalId":"\#(provider):sts.amazonaws.com:\#(user)","#
            identity += #""userName":"\#(user)","identityProvider":"\#(provider)"}"#
            return maker.other(identity, agent: "aws-sdk-nodejs/2.1396.0 linux/v20.11.0 promise")
        }
    }

    private mutating func saml() -> [Principal] {
        (0..<2).map { _ in
            let mail = mail()
            let provider = maker.random.base32(27)
            var identity = #"{"type":"SAMLUser","principalId":"\#(provider)=:\#(mail)","userName":"\#(mail)","#
            identity += #""identityProvider":"\#(provider)="}"#
            return maker.other(identity)
        }
    }

    private mutating func directoryUser() -> Principal {
        let arn = "arn:aws:ds:us-east-1:\(maker.account):directory/d-\(maker.random.hex(10))"
        var identity = #"{"type":"Directory","principalId":"\#(maker.account)","arn":"\#(arn)","#
        identity +=
            #""accountId":"\#(maker.account)","userName":"EXAMPLE\\\#(maker.random.pick(SyntheticNames.people))"}"#
        return maker.other(identity)
    }

    private func untyped(_ service: String) -> Principal {
        let host = "\(service).amazonaws.com"
        return Principal(
            identity: #"{"accountId":"\#(maker.account)","invokedBy":"\#(host)"}"#,
            address: host,
            agent: host,
            usesTLS: false
        )
    }

    private mutating func mail() -> String {
        "\(maker.random.pick(SyntheticNames.people)).\(maker.random.pick(SyntheticNames.families))@example.com"
    }
}
