/// What a conformance check found to be wrong, in words.
struct Findings {
    private(set) var texts: [String] = []

    /// Notes a text when something does not hold.
    mutating func expect(_ holds: Bool, _ text: String) {
        if !holds { texts.append(text) }
    }

    /// Runs something, and notes what it throws.
    mutating func attempt(_ what: String, _ work: (inout Findings) throws -> Void) {
        do {
            try work(&self)
        } catch {
            texts.append("\(what): throws \(error)")
        }
    }
}
