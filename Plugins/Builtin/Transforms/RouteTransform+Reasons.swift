import MHPipeConditions
import MHPipeKit

extension RouteTransform: ReasoningTransform {
    /// What the conditions of the ports go by, up to the port that takes the event where no further one is asked.
    func reasons(_ event: Event) -> [Reason] {
        var reasons: [Reason] = []
        for port in ports {
            reasons += port.condition.reasons(event, start: started).map {
                var reason = $0
                reason.port = port.name
                return reason
            }
            if isFirstOnly, port.condition.holds(event, start: started) { break }
        }
        return reasons
    }
}
