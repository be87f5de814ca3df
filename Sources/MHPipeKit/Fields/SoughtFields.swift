/// The fields below requests and the like that a stage's options name, until an event has them.
///
/// What stands there differs from service to service, so nothing but events can tell whether it is a field. Owned by one
/// worker; one that was found costs nothing more.
package struct SoughtFields {
    package private(set) var sightings: [FieldSighting]
    /// The numbers of those that no event has had.
    private var open: [Int]

    /// Takes those of some fields that are open.
    package init(_ paths: [FieldPath]) {
        var seen: Set<FieldPath> = []
        sightings = paths.filter { $0.isOpen && seen.insert($0).inserted }.map { FieldSighting($0) }
        open = Array(sightings.indices)
    }

    /// Looks for them in the events that come to the stage.
    package mutating func look(at batch: EventBatch) {
        guard !open.isEmpty else { return }
        open.removeAll { number in
            sightings[number].look(at: batch)
            if !sightings[number].isThere, Self.has(sightings[number].path, batch) { sightings[number].see() }
            return sightings[number].isThere
        }
    }

    /// Claims nothing any more, since events have passed by unseen.
    package mutating func giveUp() {
        for number in open { sightings[number].see() }
        open.removeAll()
    }

    private static func has(_ path: FieldPath, _ batch: EventBatch) -> Bool {
        let reader = FieldReader(path, batch)
        return batch.selection.contains { !reader.slice($0).isAbsent }
    }
}

extension FieldPath {
    /// True for what stands below an object that differs from service to service.
    package var isOpen: Bool {
        switch known {
        case .requestParameters, .responseElements, .additionalEventData, .serviceEventDetails: keys.count > 1
        default: false
        }
    }
}
