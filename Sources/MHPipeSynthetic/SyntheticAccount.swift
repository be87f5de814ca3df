/// An account of a made-up trail: its principals, and the names of what it has.
struct SyntheticAccount: Sendable {
    let id: String
    let buckets: [String]
    /// Where trails and flow logs are delivered.
    let logBucket: String
    let roles: [String]
    let keys: [String]
    let endpoints: [String]
    let trail: String
    /// What is being migrated.
    let applications: [String]
    let servers: [String]
    let tasks: [String]
    private let principals: [Caller: WeightedChoice<Principal>]

    /// The account ids of documentation first, then others.
    static func ids(_ count: Int, seed: Int) -> [String] {
        let known = ["111122223333", "444455556666", "123456789012", "001122334455", "777788889999", "210987654321"]
        var random = SyntheticRandom(seed: seed, purpose: 4)
        let others = known.count..<max(known.count, count)
        return Array(known.prefix(count)) + others.map { _ in "9" + random.text(11, of: "0123456789") }
    }

    init(number: Int, among ids: [String], seed: Int) {
        var random = SyntheticRandom(seed: seed, purpose: 5, number: number)
        id = ids[number]
        let account = id
        buckets = (0..<24).map { _ in
            let team = random.pick(SyntheticNames.teams)
            return "\(team)-\(Self.application(&random))-\(random.hex(6))"
        }
        logBucket = "aws-cloudtrail-logs-\(id)-\(random.hex(8))"
        roles = (0..<30).map { _ in
            "\(Self.application(&random))-\(random.pick(["task", "lambda", "ec2", "exec"]))-role"
        }
        keys = (0..<12).map { _ in random.uuid() }
        endpoints = (0..<4).map { _ in "vpce-0\(random.hex(16))" }
        trail = "management-events-\(random.pick(SyntheticNames.environments))"
        applications = (0..<14).map { _ in "d-application-0\(random.hex(16))" }
        servers = (0..<60).map { _ in "d-server-0\(random.hex(16))" }
        tasks =
            (0..<40).map { _ in "s-\(random.hex(17))" }
            + (0..<20).map {
                "\(random.pick(["web", "app", "db", "file"]))-\(random.pick(SyntheticNames.applications))-\($0)"
            }
        let other = ids.count > 1 ? ids[(number + 1) % ids.count] : "222233334444"
        var census = PrincipalCensus(
            maker: PrincipalMaker(account: account, random: random),
            roles: roles,
            other: other
        )
        principals = census.principals()
    }

    /// Someone to make a call.
    func principal(_ caller: Caller, _ random: inout SyntheticRandom) -> Principal {
        guard let choice = principals[caller] else { return principal(.anyone, &random) }
        return choice.pick(&random)
    }

    private static func application(_ random: inout SyntheticRandom) -> String {
        "\(random.pick(SyntheticNames.applications))-\(random.pick(SyntheticNames.environments))"
    }
}
