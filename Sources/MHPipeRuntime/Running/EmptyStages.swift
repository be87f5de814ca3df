import MHPipeKit
import MHPipePlan

/// Why stages let nothing through, as far as their transforms can tell.
struct EmptyStages {
    /// Instances that can tell, with the numbers of their stages in the plan.
    private let explaining: () -> [(transform: Int, instance: any ExplainingTransform)]

    /// - Parameter explaining: Asked for where a stage kept nothing.
    init(_ explaining: @autoclosure @escaping () -> [(transform: Int, instance: any ExplainingTransform)]) {
        self.explaining = explaining
    }

    /// What to tell the user after a run that kept nothing, or that asked for a field which no event has.
    ///
    /// A stage that keeps nothing is an ordinary thing where another way keeps something; a field below a request, which no
    /// check can know, is the exception.
    func warnings(of report: RunReport) -> [RunReport.Warning] {
        guard report.outcome == .completed else { return [] }
        let isAllFiltered = report.eventsKept == 0 && report.eventsFiltered > 0
        let stages = report.stages.filter { $0.kind == "transform" }
        return stages.enumerated().compactMap { number, stage in
            guard stage.eventsIn > 0, stage.eventsOut == 0 else { return nil }
            let (reason, isMissing) = reason(number)
            guard isAllFiltered || isMissing else { return nil }
            let events = stage.eventsIn == 1 ? "its 1 event" : "any of its \(stage.eventsIn) events"
            return RunReport.Warning(
                stage: stage.name,
                message: "does not keep \(events)" + (reason.map { ": \($0)" } ?? "")
            )
        }
    }

    private func reason(_ number: Int) -> (text: String?, isMissing: Bool) {
        let instances = explaining().filter { $0.transform == number }.map(\.instance)
        guard let first = instances.first else { return (nil, false) }
        var sighting = first.sighting
        var further = first.furtherSightings
        for other in instances.dropFirst() {
            sighting += other.sighting
            for (place, seen) in other.furtherSightings.enumerated() { further[place] += seen }
        }
        return (first.reason(sighting, further), sighting.path.isOpen && !sighting.isThere)
    }
}
