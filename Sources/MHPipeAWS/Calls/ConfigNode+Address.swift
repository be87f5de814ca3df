package import MHPipeKit

extension ConfigNode {
    /// For the end of a message, what stands in the place of an address; nothing where a password may stand in front of an @.
    package var insteadOfAddress: String { text?.contains("@") == true ? "" : ", not \(shown)" }
}
