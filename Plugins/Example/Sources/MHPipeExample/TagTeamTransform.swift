import MHPipeKit

/// Adds the team that owns the account of an event.
///
/// Events keep their order. An event of an account that no team owns gets no `team`, or is dropped by `owned_only`.
struct TagTeamTransform: Transform {
    static let name = "tag_team"
    static let summary = "Adds the team that owns the account of an event."

    struct Options: PluginOptions {
        var teams: [String: String] = [:]
        var account = FieldPath("recipientAccountId")
        var ownedOnly = false

        static let all: [Option<Options>] = [
            .required("teams", \.teams, "The team of each account.", example: "{\"111122223333\": payments}"),
            .optional("account", \.account, "The field with the account.", example: "userIdentity.accountId"),
            .optional("owned_only", \.ownedOnly, "Drops the events of accounts that no team owns."),
        ]
    }

    private let teams: [String: String]
    private let account: FieldPath
    private let ownedOnly: Bool

    init(_ options: Options, _ context: PluginContext) throws {
        for account in options.teams.keys.sorted() where account.count != 12 || !account.allSatisfy(\.isNumber) {
            throw OptionError(option: "teams", "needs account ids of 12 digits, not '\(account)'")
        }
        teams = options.teams
        account = options.account
        ownedOnly = options.ownedOnly
    }

    static func warnings(_ options: Options) -> [OptionWarning] {
        options.teams.isEmpty ? [OptionWarning(option: "teams", "no event gets a team, since none is named")] : []
    }

    static func adds(_ options: Options) -> [EventField]? {
        [EventField("team", .oneOf(options.teams.values.sorted()))]
    }

    func process(_ batch: EventBatch) {
        if ownedOnly { batch.keep { team(of: $0) != nil } }
        let column = batch.addColumn("team")
        for event in batch {
            if let team = team(of: event) { column.set(.string(team), row: event.row) }
        }
    }

    private func team(of event: Event) -> String? {
        event[account]?.string.flatMap { teams[$0] }
    }
}
