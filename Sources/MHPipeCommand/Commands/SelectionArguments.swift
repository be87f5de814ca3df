import MHPipeKit

/// The options by which commands without a pipeline file choose events.
struct SelectionArguments: Sendable {
    var accounts: [CommaList<AccountID>] = []
    var regions: [CommaList<RegionName>] = []
    var since: TimeBound?
    var until: TimeBound?
    var late: Age?

    static let parameters: [Parameter<SelectionArguments>] = [
        .repeated(
            "account",
            "ID",
            \.accounts,
            "Keeps the events of an account, or of several with commas between them; may be given again."
        ),
        .repeated(
            "region",
            "REGION",
            \.regions,
            "Keeps the events of a region, or of several with commas between them; may be given again."
        ),
        .option(
            "since",
            "TIME",
            \.since,
            "Keeps the events from a day (2026-05-31), a month (2026-05) or a time (2026-05-31T12:00:00Z) on, in UTC, "
                + "or from so long ago (7d)."
        ),
        .option(
            "until",
            "TIME",
            \.until,
            "Keeps the events up to a day, a month or a time, with all of it: 2026-05-31 includes that day."
        ),
        .option(
            "late",
            "AGE",
            \.late,
            "How long after an event its file may have been delivered, when files are chosen by their keys; 30d by "
                + "default."
        ),
    ]

    /// How long before a call the session may have begun that it was made in: no credentials are good for longer.
    private static let longestSession = Duration.seconds(2 * 86_400)

    /// The selection by which events are kept behind `resolve_roles`.
    ///
    /// That has to see those that issued their credentials: in any account, and before the time that is asked for. Events
    /// without the field are kept, as by sources.
    var conditionsBehindOrigin: [(name: String, condition: String)] {
        func list(_ texts: [String]) -> String { "[" + texts.map { "\"\($0)\"" }.joined(separator: ", ") + "]" }
        let accounts = list(accounts.flatMap(\.elements).map(\.text))
        let regions = list(regions.flatMap(\.elements).map(\.text))
        let conditions = [
            (
                "account", !self.accounts.isEmpty,
                "size(recipientAccountId) > 0 ? recipientAccountId in \(accounts) : "
                    + "size(userIdentity.accountId) > 0 ? userIdentity.accountId in \(accounts) : true"
            ),
            ("region", !self.regions.isEmpty, "size(awsRegion) > 0 ? awsRegion in \(regions) : true"),
            ("since", since != nil && !isBoundless, "timestamp(eventTime) < \(firstTime) ? false : true"),
        ]
        return conditions.filter(\.1).map { ($0.0, $0.2) }
    }

    /// The first time that is kept, in a condition.
    private var firstTime: String {
        if let age { return "now() - duration(\"\(age.number)\(age.unit)\")" }
        return "timestamp(\"\(since?.start(.now).description ?? "")\")"
    }

    /// Since when sources are read, where `resolve_roles` stands behind them.
    private var readSince: String? {
        let (start, end) = (since?.start(.now), until?.end(.now))
        guard let start, end.map({ start < $0 }) ?? true else { return since?.optionText }
        if isBoundless { return since?.optionText }
        if let age, let unit = Self.units[age.unit] {
            return "\(age.number + Int(Self.longestSession.components.seconds) / unit)\(age.unit)"
        }
        return start.advanced(by: .zero - Self.longestSession).description
    }

    /// The age that `--since` names, so that a pipeline reads as far back from each of its runs; nil for a time.
    private var age: (number: Int, unit: Character)? {
        guard let since, Age(since.optionText) != nil, !isBoundless, let number = Int(since.optionText.dropLast()),
            let unit = since.optionText.last
        else { return nil }
        // Conditions know no weeks.
        return unit == "w" ? (number * 7, "d") : (number, unit)
    }

    /// True for an age of nearly the 10,000 years that conditions know, and more, before which there is no event.
    private var isBoundless: Bool { since.flatMap { Age($0.optionText) }.map { $0.seconds > 315_000_000_000 } ?? false }

    private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]

    /// What the sources are asked for.
    ///
    /// - Parameter behindOrigin: True when `resolve_roles` stands behind them, and `conditionsBehindOrigin` behind that.
    /// - Returns: The options with their values.
    func sourceOptions(behindOrigin: Bool) -> [(String, ConfigNode)] {
        func list(_ texts: [String]) -> ConfigNode? {
            texts.isEmpty ? nil : ConfigNode(.list(texts.map { ConfigNode(.text($0)) }))
        }
        func text(_ text: String?) -> ConfigNode? { text.map { ConfigNode(.text($0)) } }
        let options = [
            ("accounts", behindOrigin ? nil : list(accounts.flatMap(\.elements).map(\.text))),
            ("regions", behindOrigin ? nil : list(regions.flatMap(\.elements).map(\.text))),
            ("since", text(behindOrigin ? readSince : since?.optionText)), ("until", text(until?.optionText)),
            ("late", text(late?.optionText)),
        ]
        return options.compactMap { key, node in node.map { (key, $0) } }
    }
}

extension ConfigEntry {
    /// A stage as a pipeline file would state it.
    static func stage(_ name: String, _ plugin: String, _ options: [(String, ConfigNode)] = []) -> ConfigEntry {
        let entries = [("type", ConfigNode(.text(plugin)))] + options
        return ConfigEntry(key: name, value: ConfigNode(.mapping(entries.map { ConfigEntry(key: $0, value: $1) })))
    }
}
