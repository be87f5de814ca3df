/// What a few events have at one path: enough for a stage that got nothing from it to say why.
///
/// It is given events until there is nothing more to learn, so that it costs nothing after the first batches. Owned by
/// one worker; those of all workers are put together at the end.
package struct FieldSighting: Sendable {
    package let path: FieldPath
    /// True once an event was seen that has a value there; `null` is none.
    package private(set) var isThere = false
    /// The different values that were seen, as texts.
    package private(set) var texts: [String] = []
    /// True when every event that was looked at has `null` there, or an empty text.
    private var isBlank = true
    /// The keys of the objects in which the way to the field was seen to end, and how many keys lead there.
    private var end = (depth: 0, keys: [String]())
    private var looks = 0

    private let mostLooks: Int
    private let mostTexts: Int
    private static let mostKeys = 64

    /// Looks at so many events at most, and keeps so many texts of them.
    package init(_ path: FieldPath, looks: Int = 512, texts: Int = 32) {
        self.path = path
        (mostLooks, mostTexts) = (looks, texts)
    }

    /// False when more events would teach nothing.
    package var isLooking: Bool { looks < mostLooks }

    /// True once it was given an event.
    package var hasLooked: Bool { looks > 0 }

    /// Looks no further.
    package mutating func stop() { looks = mostLooks }

    /// Takes note that an event has a value.
    package mutating func see() { isThere = true }

    package mutating func look(at events: some Sequence<Event>, most: Int = .max) {
        let limit = looks + min(most, mostLooks - looks)
        for event in events {
            guard looks < limit else { return }
            looks += 1
            guard let value = event[path], !value.isNull else {
                if event[path] == nil { lookForTheEnd(in: event) }
                continue
            }
            let text = value.string ?? value.json
            isBlank = isBlank && text.isEmpty
            isThere = true
            if texts.count < mostTexts, !texts.contains(text) { texts.append(text) }
        }
    }

    /// Finds the last object on the way to the field.
    private mutating func lookForTheEnd(in event: Event) {
        isBlank = false
        for depth in path.keys.indices.dropFirst().reversed() where depth >= end.depth {
            guard let object = event[FieldPath(keys: Array(path.keys[..<depth]))], object.kind == .object else {
                continue
            }
            if depth > end.depth { end = (depth, []) }
            for member in object.members where end.keys.count < Self.mostKeys && !end.keys.contains(member.key) {
                end.keys.append(member.key)
            }
            return
        }
    }

    /// Adds what another worker has seen.
    package static func += (left: inout FieldSighting, right: FieldSighting) {
        left.looks += right.looks
        left.isThere = left.isThere || right.isThere
        left.isBlank = left.isBlank && right.isBlank
        left.texts += right.texts.filter { !left.texts.contains($0) }
        if right.end.depth > left.end.depth {
            left.end = right.end
        } else if right.end.depth == left.end.depth {
            left.end.keys += right.end.keys.filter { !left.end.keys.contains($0) }
        }
    }

    // MARK: - Wording

    // Which worker saw what first is chance, so everything is sorted.

    /// Why nothing was found at the path.
    ///
    /// - Parameter name: What the path is called, where that is not clear from what stands before.
    /// - Returns: That no event has it, and what they have instead.
    package func absence(of name: String? = nil) -> String {
        if isBlank, looks > 0 { return "\(name.map { "'\($0)'" } ?? "it") is null or empty in every event" }
        let missing = "no event has " + (name.map { "the field '\($0)'" } ?? "that field")
        guard end.depth > 0 else { return missing }
        let object = FieldPath(keys: Array(path.keys[..<end.depth])).text
        if let meant { return "\(missing); did you mean '\(meant.text)'?" }
        return "\(missing); '\(object)' has \(list(end.keys.sorted(), most: 8))"
    }

    /// The field that events have in the place of this one, and that is likely meant.
    package var meant: FieldPath? {
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
