/// Facts with a name each, in their order: few enough to be read without a search.
package struct FactList: Sendable {
    package var id: String
    package var caption: String
    package private(set) var facts: [(name: String, value: FactTable.Cell)] = []

    package init(id: String, caption: String) {
        (self.id, self.caption) = (id, caption)
    }

    /// Adds a fact behind the others.
    package mutating func add(_ name: String, _ value: FactTable.Cell) {
        facts.append((name, value))
    }
}
