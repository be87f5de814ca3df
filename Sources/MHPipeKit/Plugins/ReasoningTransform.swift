/// A transform that can say of an event why it does not let it go on, or where it sends it.
package protocol ReasoningTransform: TransformPlugin {
    /// What decides about an event.
    ///
    /// Asked on the transform's own queue before it works on the event, and only where somebody wants to know. Nothing may
    /// change by it.
    ///
    /// - Parameter event: The event as it comes to the stage.
    /// - Returns: What decides, whichever way it goes.
    func reasons(_ event: Event) -> [Reason]

    /// Why an event did not go on, where that is known only once it did not: it came before, it is counted elsewhere.
    ///
    /// - Parameter event: The event as it came to the stage.
    /// - Returns: What kept it.
    func dropReasons(_ event: Event) -> [Reason]
}

extension ReasoningTransform {
    package func reasons(_ event: Event) -> [Reason] { [] }

    package func dropReasons(_ event: Event) -> [Reason] { [] }
}
