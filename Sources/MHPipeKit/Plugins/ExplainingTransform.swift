/// A transform that can say why it let no event through.
///
/// A run that kept nothing is likely one whose pipeline asks for what is not there, so the user is told what is.
package protocol ExplainingTransform: Transform {
    /// What this instance has seen of the events it dropped; asked after its last batch.
    var sighting: FieldSighting { get }

    /// What it has seen at further fields, the same ones in each instance.
    var furtherSightings: [FieldSighting] { get }

    /// Says why no event was let through, after all workers have come to that.
    ///
    /// - Parameters:
    ///   - sighting: What all instances have seen.
    ///   - further: What they have seen at the further fields.
    /// - Returns: What follows a colon: lower case, no full stop.
    func reason(_ sighting: FieldSighting, _ further: [FieldSighting]) -> String
}

extension ExplainingTransform {
    /// None.
    package var furtherSightings: [FieldSighting] { [] }
}
