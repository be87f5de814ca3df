import MHPipeKit

/// "Did you mean" for field paths: the known path nearest to one that leads nowhere.
struct FieldSuggestion {
    private let fields: [EventField]
    /// Every path among the fields, the shorter ones first.
    private let known: [[String]]

    /// - Parameter fields: The top-level fields that may have been meant.
    init(among fields: [EventField]) {
        self.fields = fields
        known = Self.paths(of: .object(fields)).sorted { $0.count < $1.count }
    }

    /// The path that was probably meant.
    ///
    /// - Parameter keys: The keys of a path that `FieldLookup` does not find.
    /// - Returns: Another path; nil when none is near.
    func path(for keys: [String]) -> [String]? {
        if let other = otherWord(keys), other != keys { return other }
        let corrected = corrected(keys[...], in: .object(fields))
        if let corrected, isKnown(corrected) { return usual(corrected) }
        let others = [joined(keys), without(keys), behind(keys), corrected, part(keys)]
        return others.lazy.compactMap(\.self).first { $0 != keys }.map(usual)
    }

    private func isKnown(_ keys: [String]) -> Bool {
        if case .found = FieldLookup(keys, among: fields) { true } else { false }
    }

    /// What all other events have in the place of a field that only aggregated ones have.
    private func usual(_ keys: [String]) -> [String] {
        guard let key = keys.first, let meant = CloudTrailFields.ofAggregatedEvents[key] else { return keys }
        return [meant] + keys.dropFirst()
    }

    /// The path whose first key goes by another word elsewhere: `timestamp`, `request.bucketName`.
    private func otherWord(_ keys: [String]) -> [String]? {
        guard let word = keys.first.map({ Self.letters([$0]) }),
            let meant = CloudTrailFields.otherWords.first(where: { $0.words.contains(word) })
        else { return nil }
        let path = meant.path + keys.dropFirst()
        return isKnown(path) ? path : nil
    }

    /// The path behind one or two keys too many: `Records.eventName`, `detail.eventName`, `$.eventName`.
    private func behind(_ keys: [String]) -> [String]? {
        (1...2).lazy.map { Array(keys.dropFirst($0)) }.first { !$0.isEmpty && isKnown($0) }
    }

    /// Every key put right for itself, as far as that goes; nil when the first wrong one is like no other.
    private func corrected(_ keys: ArraySlice<String>, in content: EventField.Content) -> [String]? {
        guard let key = keys.first else { return [] }
        let rest = keys.dropFirst()
        switch content {
        case .object(let fields):
            if let field = fields.first(where: { $0.key == key }) {
                return corrected(rest, in: field.content).map { [key] + $0 }
            }
            let meant = Suggestion.nearest(to: key, among: fields.map(\.key))
            guard let field = fields.first(where: { $0.key == meant }) else { return nil }
            return [field.key] + (corrected(rest, in: field.content) ?? Array(rest))
        case .list(let element):
            return FieldLookup.isNumber(key) ? corrected(rest, in: element).map { [key] + $0 } : nil
        case .anything: return Array(keys)
        case .value, .text, .number, .boolean, .oneOf, .usually: return nil
        }
    }

    /// The path whose keys are joined in another way: `userIdentity_type`, as in the names of columns, `resources[0].ARN`.
    private func joined(_ keys: [String]) -> [String]? {
        let letters = Self.letters(keys)
        return known.first { Self.letters($0) == letters }
    }

    /// The path of which some keys were left out: `sessionIssuer.userName`, `resources.ARN`; the shortest, when only one is
    /// as short.
    private func without(_ keys: [String]) -> [String]? {
        let keys = keys.map { Self.letters([$0]) }
        let longer = known.filter { path in
            guard path.count > keys.count, path.count <= keys.count + 3, let last = path.last,
                Self.letters([last]) == keys.last
            else { return false }
            var rest = keys[...]
            for key in path where rest.first == Self.letters([key]) { rest.removeFirst() }
            return rest.isEmpty
        }
        guard let first = longer.first, longer.count(where: { $0.count == first.count }) == 1 else { return nil }
        return first
    }

    /// The top-level field of whose name only a part was written: `region`, `sourceIP`.
    private func part(_ keys: [String]) -> [String]? {
        guard let key = keys.first, key.count >= 4 else { return nil }
        let letters = Self.letters([key])
        let longer = fields.filter { field in
            let name = Self.letters([field.key])
            return name.hasPrefix(letters) || name.hasSuffix(letters)
        }
        return longer.count == 1 ? [longer[0].key] + keys.dropFirst() : nil
    }

    private static func letters(_ keys: [String]) -> String {
        keys.joined().lowercased().filter { $0.isLetter || $0.isNumber }
    }

    private static func paths(of content: EventField.Content) -> [[String]] {
        switch content {
        case .object(let fields):
            fields.flatMap { field in [[field.key]] + paths(of: field.content).map { [field.key] + $0 } }
        case .list(let element): [["0"]] + paths(of: element).map { ["0"] + $0 }
        case .anything, .value, .text, .number, .boolean, .oneOf, .usually: []
        }
    }
}
