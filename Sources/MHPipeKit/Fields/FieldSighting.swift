/// What a few events have at one path: enough for a stage that got nothing from it to say why.
///
/// It is given events until there is nothing more to learn, so that it costs nothing after the first batches. Owned by
/// one worker; those of all workers are put together at the end, and tell then of the first events of the input, whoever
/// has seen them: a worker gets its units in their order, so that the first of all are among the first of each.
package struct FieldSighting: Sendable {
    /// Where an event stands among all that are looked at.
    struct Place: Sendable, Comparable {
        /// The number of its unit.
        let unit: Int
        /// Its number in the unit, all of which one worker reads.
        let record: Int

        static func < (left: Place, right: Place) -> Bool { (left.unit, left.record) < (right.unit, right.record) }
    }

    /// Something that was seen, and where first.
    private struct Seen: Sendable {
        let text: String
        let place: Place
    }

    package let path: FieldPath
    /// True once an event was seen that has a value there; `null` is none.
    package private(set) var isThere = false
    /// The different values that were seen, each where it was first.
    private var values: [Seen] = []
    /// Where an event was seen that has there something else than `null` or an empty text.
    private var firstFilled: Place?
    /// The objects in which the way to the field was seen to end, by how many keys lead there, and their keys.
    private var ends: [Int: (place: Place, keys: [Seen])] = [:]
    /// The events that were looked at, in order.
    private var places: [Place] = []
    private var isStopped = false

    private let mostLooks: Int
    private let mostTexts: Int
    private static let mostKeys = 64

    /// Looks at so many events at most, and keeps so many texts of them.
    package init(_ path: FieldPath, looks: Int = 512, texts: Int = 32) {
        self.path = path
        (mostLooks, mostTexts) = (looks, texts)
    }

    /// False when more events would teach nothing.
    package var isLooking: Bool { !isStopped && places.count < mostLooks }

    /// True once it was given an event.
    package var hasLooked: Bool { !places.isEmpty || isStopped }

    /// The different values that were seen, as texts, in the order of the input.
    package var texts: [String] { values.map(\.text) }

    /// Looks no further.
    package mutating func stop() { isStopped = true }

    /// Takes note that an event has a value.
    package mutating func see() { isThere = true }

    package mutating func look(at events: some Sequence<Event>, most: Int = .max) {
        guard isLooking else { return }
        let limit = places.count + min(most, mostLooks - places.count)
        for event in events {
            guard places.count < limit else { return }
            let place = Place(unit: event.batch.unit, record: event.number)
            places.append(place)
            guard let value = event[path], !value.isNull else {
                if event[path] == nil { lookForTheEnd(in: event, place) }
                continue
            }
            let text = value.string ?? value.json
            if !text.isEmpty { firstFilled = firstFilled ?? place }
            isThere = true
            if values.count < mostTexts, !values.contains(where: { $0.text == text }) {
                values.append(Seen(text: text, place: place))
            }
        }
    }

    /// Finds the last object on the way to the field.
    private mutating func lookForTheEnd(in event: Event, _ place: Place) {
        firstFilled = firstFilled ?? place
        for depth in path.keys.indices.dropFirst().reversed() {
            guard let object = event[FieldPath(keys: Array(path.keys[..<depth]))], object.kind == .object else {
                continue
            }
            var end = ends[depth] ?? (place, [])
            for member in object.members
            where end.keys.count < Self.mostKeys && !end.keys.contains(where: { $0.text == member.key }) {
                end.keys.append(Seen(text: member.key, place: place))
            }
            ends[depth] = end
            return
        }
    }

    /// Adds what another worker has seen.
    package static func += (left: inout FieldSighting, right: FieldSighting) {
        left.isThere = left.isThere || right.isThere
        left.isStopped = left.isStopped || right.isStopped
        left.places = Array((left.places + right.places).sorted().prefix(left.mostLooks))
        guard let last = left.places.last else { return }
        left.values = merged(left.values, right.values, upTo: last, most: left.mostTexts)
        left.firstFilled = [left.firstFilled, right.firstFilled].compactMap(\.self).filter { $0 <= last }.min()
        left.ends = left.ends.merging(right.ends) { (min($0.place, $1.place), $0.keys + $1.keys) }
            .filter { $0.value.place <= last }
            .mapValues { ($0.place, merged($0.keys, [], upTo: last, most: mostKeys)) }
    }

    /// What was seen at first, each once.
    private static func merged(_ left: [Seen], _ right: [Seen], upTo last: Place, most: Int) -> [Seen] {
        var texts: Set<String> = []
        return Array(
            (left + right).filter { $0.place <= last }.sorted { $0.place < $1.place }
                .filter { texts.insert($0.text).inserted }.prefix(most)
        )
    }

    // MARK: - Wording

    /// The innermost object in which the way to the field was seen to end; its depth is 0 where there was none.
    private var end: (depth: Int, keys: [String]) {
        ends.max { $0.key < $1.key }.map { ($0.key, $0.value.keys.map(\.text)) } ?? (0, [])
    }

    /// Why nothing was found at the path.
    ///
    /// - Parameter name: What the path is called, where that is not clear from what stands before.
    /// - Returns: That no event has it, and what they have instead.
    package func absence(of name: String? = nil) -> String {
        if firstFilled == nil, !places.isEmpty {
            return "\(name.map { "'\($0)'" } ?? "it") is null or empty in every event"
        }
        let missing = "no event has " + (name.map { "the field '\($0)'" } ?? "that field")
        let end = end
        guard end.depth > 0 else { return missing }
        let object = FieldPath(keys: Array(path.keys[..<end.depth])).text
        if let meant { return "\(missing); did you mean '\(meant.text)'?" }
        return "\(missing); '\(object)' has \(list(end.keys.sorted(), most: 8))"
    }

    /// The field that events have in the place of this one, and that is likely meant.
    package var meant: FieldPath? {
        let end = end
        guard !isThere, end.depth > 0,
            let key = Suggestion.nearest(to: path.keys[end.depth], among: end.keys.sorted())
        else { return nil }
        return FieldPath(keys: path.keys[..<end.depth] + [key] + path.keys[(end.depth + 1)...])
    }

    /// Some of the values that were seen, for messages; nil when there are none.
    package var someTexts: String? {
        texts.isEmpty ? nil : list(texts.sorted().map { "'\(Self.cut($0))'" }, most: 3)
    }

    /// The value that was seen and is nearest to one that was asked for.
    package func nearest(to asked: [String]) -> String? {
        let texts = texts.sorted()
        return asked.lazy.compactMap { Suggestion.nearest(to: $0, among: texts) }.first
    }

    /// Some words, and whether there are or may be others.
    private func list(_ words: [String], most: Int) -> String {
        words.prefix(most).joined(separator: ", ") + (words.count > most || !isLooking ? " and others" : "")
    }

    private static func cut(_ text: String) -> String {
        text.count > 60 ? text.prefix(60) + "…" : text
    }
}
