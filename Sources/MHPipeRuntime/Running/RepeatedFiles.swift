import MHPipeKit

/// Files that the units of a run lead to more than once: a folder beside one that holds it, links, further names.
struct RepeatedFiles {
    /// A unit whose file is that of an earlier one.
    struct Repetition {
        /// The place of its source in the plan.
        let source: Int
        let name: String
        let earlierName: String
    }

    /// How many units read a file that an earlier unit reads as well.
    private(set) var count = 0
    /// The first of those that no source has told of: one source is told when it is given a path twice.
    private(set) var first: Repetition?
    private(set) var untold = 0

    /// A unit by its source and its place there.
    private struct Place {
        let identity: FileIdentity
        let source: Int
        let number: Int
    }

    /// Looks for them, where there can be any; takes 32 bytes a unit while it does.
    init(in lists: [any UnitList]) {
        guard lists.contains(where: \.mayRepeat) || lists.count(where: { $0.count > 0 }) > 1 else { return }
        var places: [Place] = []
        for (source, list) in lists.enumerated() {
            for number in 0..<list.count {
                guard let identity = list.identity(at: number) else { continue }
                places.append(Place(identity: identity, source: source, number: number))
            }
        }
        places.sort { ($0.identity, $0.source, $0.number) < ($1.identity, $1.source, $1.number) }
        var firstPlace: (source: Int, number: Int)?
        var earlier: Place?
        for place in places {
            guard let known = earlier, known.identity == place.identity else {
                earlier = place
                continue
            }
            count += 1
            let name = lists[place.source].unit(at: place.number).name
            let earlierName = lists[known.source].unit(at: known.number).name
            if known.source == place.source, name == earlierName { continue }
            untold += 1
            if let firstPlace, firstPlace < (place.source, place.number) { continue }
            firstPlace = (place.source, place.number)
            first = Repetition(source: place.source, name: name, earlierName: earlierName)
        }
    }

    /// What to tell the user; nil when there is nothing new.
    var warning: String? {
        guard let first else { return nil }
        let other = first.name == first.earlierName ? "another source" : "'\(first.earlierName)'"
        return untold == 1
            ? "'\(first.name)' is read already by way of \(other), and its events count twice"
            : "\(untold) files are read more than once, and their events count as often; the first is "
                + "'\(first.name)', which is read already by way of \(other)"
    }
}
