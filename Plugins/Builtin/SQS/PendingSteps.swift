/// What is still to be done, from the front on; what is done takes no memory for long.
struct PendingSteps<Step> {
    private var steps: [Step] = []
    private var place = 0

    var count: Int { steps.count - place }
    var isEmpty: Bool { count == 0 }
    var first: Step? { isEmpty ? nil : steps[place] }

    mutating func append(_ step: Step) { steps.append(step) }

    mutating func removeFirst() {
        place += 1
        guard isEmpty || place > 1024 else { return }
        steps.removeFirst(place)
        place = 0
    }

    mutating func removeAll(where isOver: (Step) -> Bool) {
        steps = steps[place...].filter { !isOver($0) }
        place = 0
    }
}
