/// A transform that keeps the events of some services, as far as its options tell.
package protocol ServiceKeeping: TransformPlugin {
    /// The services whose events go on, as `eventSource` names them.
    ///
    /// - Parameter options: The options of the stage.
    /// - Returns: The services; nil when events of any may go on.
    static func keptServices(_ options: Options) -> Set<String>?
}
