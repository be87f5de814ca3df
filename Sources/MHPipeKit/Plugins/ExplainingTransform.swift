/// A transform that can say why it let no event through.
///
/// A run that kept nothing is likely one whose pipeline asks for what is not there, so the user is told what is.
package protocol ExplainingTransform: Transform {
    /// What this instance has seen of the events it dropped; asked after its last batch.
    var sighting: FieldSighting { get }

    /// Says why no event was let through, after all workers have come to that.
    ///
    /// - Parameter sighting: What all instances have seen.
    /// - Returns: What follows a colon: lower case, no full stop.
    func reason(_ sighting: FieldSighting) -> String
}
