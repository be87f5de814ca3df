import MHPipeDigests
import MHPipeKit

extension TrailSelection {
    /// The digest files and log files that some events are in.
    ///
    /// - Parameter events: The events; nil for all.
    init(_ events: EventSelection?) {
        let events = events?.opensAll == true ? nil : events
        self.init(
            accounts: events?.accounts,
            regions: events?.regions,
            since: events?.since,
            until: events?.lastDelivery
        )
    }
}
