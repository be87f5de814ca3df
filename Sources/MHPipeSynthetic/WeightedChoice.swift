/// Things of which some come up more often than others.
struct WeightedChoice<Element: Sendable>: Sendable {
    private let elements: [Element]
    /// The sums of the weights up to each element.
    private let sums: [Int]

    /// - Parameter weighted: The things, at least one, each with its weight, above 0.
    init(_ weighted: [(Element, Int)]) {
        elements = weighted.map(\.0)
        var sum = 0
        sums = weighted.map {
            sum += $0.1
            return sum
        }
    }

    func pick(_ random: inout SyntheticRandom) -> Element {
        let place = random.below(sums[sums.count - 1])
        var low = 0
        var high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] <= place { low = middle + 1 } else { high = middle }
        }
        return elements[low]
    }
}
