import MHPipeKit

/// The fields that stages were told to go by and that no event has had, put together over all workers.
struct UnfoundFields {
    private let sought: [(stage: String, fields: SoughtFields)]
    /// How many fields each stage's options name below requests and the like, and elsewhere.
    private let named: [String: Int]
    /// What is said already.
    private let told: [RunReport.Warning]

    private static let mostNamed = 10

    init(
        _ sought: [(stage: String, fields: SoughtFields)],
        named: [String: Int],
        told: [RunReport.Warning]
    ) {
        self.sought = sought
        self.named = named
        self.told = told
    }

    /// What is to be said, stage by stage, in the order of `names`.
    ///
    /// That some of many fields are not there tonight is an ordinary thing. That none is, or that events have one which is
    /// nearly the same, is likely a mistake.
    func warnings(stages names: [String]) -> [RunReport.Warning] {
        names.flatMap { name -> [RunReport.Warning] in
            let missing = sightings(of: name).filter { $0.hasLooked && !$0.isThere }
            let isIdle = missing.count == named[name]
            let odd = (isIdle ? missing : missing.filter { $0.meant != nil }).filter { !isTold($0.path, of: name) }
            let more = odd.count - Self.mostNamed
            let group = group(of: name)
            let messages = odd.prefix(Self.mostNamed).map { sighting in
                let text = sighting.absence(of: sighting.path.text)
                return group.map { "of \($0), " + text.replacing("no event has", with: "none has") } ?? text
            }
            return (messages + (more > 0 ? ["no event has \(more) more of its fields"] : [])).map {
                RunReport.Warning(stage: name, message: $0)
            }
        }
    }

    private func isTold(_ path: FieldPath, of stage: String) -> Bool {
        told.contains { $0.stage == stage && $0.message.contains("'\(path.text)'") }
    }

    /// Which events that is said of, where it is not all that come to the stage.
    private func group(of stage: String) -> String? {
        let tested = sought.first { $0.stage == stage }?.fields.tested ?? []
        return tested.isEmpty ? nil : "the events whose '\(tested.joined(separator: "' and '"))' passes"
    }

    private func sightings(of stage: String) -> [FieldSighting] {
        let all = sought.filter { $0.stage == stage }.map(\.fields.sightings)
        guard let first = all.first else { return [] }
        return all.dropFirst().reduce(first) { sums, others in
            zip(sums, others).map { sum, other in
                var sum = sum
                sum += other
                return sum
            }
        }
    }
}
