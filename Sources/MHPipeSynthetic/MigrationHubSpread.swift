import MHPipeKit

/// Where the calls of the Migration Hub family are in a made-up trail.
package enum MigrationHubSpread: String, OptionChoice {
    /// In all accounts and on all days alike.
    case even
    /// In a quarter of the accounts, and on two days of each week: where and when something is migrated.
    case clustered

    /// True where a file of an account holds such calls, if it is one of a burst.
    ///
    /// - Parameters:
    ///   - account: The number of the account.
    ///   - accounts: How many there are.
    ///   - slot: The time of delivery, in seconds since 1970.
    /// - Returns: True where it may.
    func reaches(account: Int, of accounts: Int, at slot: Int) -> Bool {
        switch self {
        case .even: true
        // The second account of each four, where there are so many.
        case .clustered: account % 4 == min(1, accounts - 1) && (slot - SyntheticTrail.start) / 86_400 % 7 < 2
        }
    }

    /// How many of a thousand files that it reaches are of a burst.
    var bursts: Int {
        switch self {
        case .even: 250
        case .clustered: 660
        }
    }
}
