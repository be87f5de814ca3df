/// What the options of a source say of the events that it is to read: `accounts`, `regions`, `since`, `until` and `late`.
public struct SelectionOptions: Sendable {
    package var accounts: [AccountID]?
    package var regions: [RegionName]?
    package var since: TimeBound?
    package var until: TimeBound?
    package var late: Age?

    /// Asks for all events.
    public init() {}

    /// What is likely not meant.
    public var warnings: [OptionWarning] {
        var warnings = (regions ?? []).compactMap(\.warning)
        if late != nil, since == nil, until == nil {
            warnings.append(OptionWarning(option: "late", "'late' changes nothing without 'since' or 'until'"))
        }
        return warnings
    }

    /// What is to be read in a run; nil for everything.
    ///
    /// - Parameter context: Knows when the run began.
    /// - Returns: The selection.
    /// - Throws: `OptionError` when nothing can be selected.
    public func selection(_ context: PluginContext) throws(OptionError) -> EventSelection? {
        for (key, isEmpty) in [("accounts", accounts?.isEmpty), ("regions", regions?.isEmpty)] where isEmpty == true {
            throw OptionError(option: key, "needs at least one; leave it out to read all")
        }
        let now = context.started
        if let since, let until, since.start(now) >= until.end(now) {
            throw OptionError(
                option: "since",
                "is behind 'until', so that nothing lies between: since \(since.optionText), until \(until.optionText)"
            )
        }
        guard accounts != nil || regions != nil || since != nil || until != nil else { return nil }
        return EventSelection(
            accounts: accounts.map { Set($0.map(\.text)) },
            regions: regions.map { Set($0.map(\.text)) },
            since: since?.start(now),
            until: until?.end(now),
            late: late?.duration ?? Self.usualLateness,
            opensAll: context.opensAll
        )
    }

    /// CloudTrail tries to deliver a file for so long.
    private static let usualLateness = Duration.seconds(30 * 86_400)
}

/// The options of a source that selects events.
public protocol SelectingOptions: PluginOptions {
    /// What they say of that; `selecting` declares it.
    var selection: SelectionOptions { get set }
}

extension SelectionOptions {
    fileprivate static let all: [Option<SelectionOptions>] = [
        .optional(
            "accounts",
            \.accounts,
            "The accounts whose events are read: those of `recipientAccountId` or, without one, of "
                + "`userIdentity.accountId`.",
            example: "[\"111122223333\"]"
        ),
        .optional(
            "regions",
            \.regions,
            "The regions whose events are read, by `awsRegion`.",
            example: "[us-east-1, eu-west-1]"
        ),
        .optional(
            "since",
            \.since,
            "The time from which on events are read, by `eventTime` in UTC, with all of the day or month that it "
                + "names; an age such as 7d counts from the start of the run.",
            example: "2026-05-01"
        ),
        .optional(
            "until",
            \.until,
            "The time up to which events are read, with all of the day, month or second that it names: 2026-05-31 "
                + "includes that day.",
            example: "2026-05-31"
        ),
        .optional(
            "late",
            \.late,
            "How long after an event its file may have been delivered: files of later days are not opened. 30d when left "
                + "out, for CloudTrail tries to deliver for 30 days.",
            example: "2d"
        ),
    ]
}

extension SelectingOptions {
    /// The declarations of `selection`, for the end of `all`.
    public static var selecting: [Option<Self>] { SelectionOptions.all.map { $0.within(\.selection) } }
}

/// A source that reads some of the events of its units: the run drops the others, and counts them as filtered by the source.
///
/// The source itself leaves out the units that can hold none (`EventSelection.mayHold(_:)`).
public protocol SelectingSource: Source {
    /// What it reads; nil for everything.
    var selection: EventSelection? { get }
}
