import MHPipeKit

/// What the sources of a run found before anything is read.
struct FoundInput {
    /// For each source, its units.
    let lists: [any UnitList]
    /// What cannot be read.
    private(set) var unreadable: [UnreadableInput] = []
    /// What all sources came by.
    private(set) var tally = InputTally()
    /// The files that are read more than once.
    let repeated: RepeatedFiles

    /// Asks the sources, one after the other.
    init(_ sources: [any Source]) throws {
        var lists: [any UnitList] = []
        for source in sources {
            var reported: [UnreadableInput] = []
            let list: any UnitList
            if let source = source as? any ListingSource {
                list = try source.list { reported.append($0) }
            } else {
                list = MadeUnits(try source.units { reported.append($0) })
            }
            lists.append(list)
            unreadable += reported
            tally += list.tally ?? InputTally(seen: list.count + reported.count)
        }
        repeated = RepeatedFiles(in: lists)
        for place in lists.indices { lists[place].forgetIdentities() }
        self.lists = lists
    }
}
