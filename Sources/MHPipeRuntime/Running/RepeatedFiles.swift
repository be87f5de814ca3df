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

    /// A unit by its number among those of all sources.
    private struct Place {
        let identity: FileIdentity
        let unit: UInt32
    }

    /// Looks for them, where there can be any; takes 24 bytes a unit while it does.
    init(in lists: [any UnitList]) {
        guard lists.contains(where: \.mayRepeat) || lists.count(where: { $0.count > 0 }) > 1 else { return }
        var places: [Place] = []
        var unit: UInt32 = 0
        for list in lists {
            for place in 0..<list.count {
                if let identity = list.identity(at: place) { places.append(Place(identity: identity, unit: unit)) }
                unit += 1
            }
        }
        places.sort { ($0.identity, $0.unit) < ($1.identity, $1.unit) }
        var firstUnit = UInt32.max
        var earlier: Place?
        for place in places {
            guard let known = earlier, known.identity == place.identity else {
                earlier = place
                continue
            }
            count += 1
            let (source, name) = Self.unit(known.unit, in: lists)
            let repetition = Self.unit(place.unit, in: lists)
            if repetition == (source, name) { continue }
            untold += 1
            guard place.unit < firstUnit else { continue }
            firstUnit = place.unit
            first = Repetition(source: repetition.source, name: repetition.name, earlierName: name)
        }
    }

    /// The source and the name of a unit.
    private static func unit(_ number: UInt32, in lists: [any UnitList]) -> (source: Int, name: String) {
        var place = Int(number)
        for (source, list) in lists.enumerated() {
            if place < list.count { return (source, list.unit(at: place).name) }
            place -= list.count
        }
        preconditionFailure("a unit behind the last one")
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
