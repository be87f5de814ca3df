/// Who stands behind credentials, as far as the events tell.
struct Origin: Hashable {
    enum Certainty: String, CaseIterable {
        /// Every step was found by an id that belongs to one session alone, or none had to be found.
        case certain
        /// A step was found by the session's id and time alone, or the session says itself for whom it is.
        case likely
        /// Several have credentials that could be these.
        case ambiguous
        /// Some credentials were issued by an event that is not among the input.
        case unknown
    }

    /// Who: nil where nobody knows.
    var who: String?
    /// From whom the credentials came to whom, the origin first, as far as is known.
    var chain: [String]
    var certainty: Certainty

    /// Those that were issued to this one.
    func followed(by name: String, _ step: Certainty) -> Origin {
        Origin(who: who, chain: chain + [name], certainty: certainty == .certain ? step : certainty)
    }
}
