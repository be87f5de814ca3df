/// A transform or an encoder that counts what the user should hear of when the run has ended, such as values that it had to
/// leave as they are.
///
/// There is an instance for every worker; the runtime adds their counts up.
package protocol TallyKeeping {
    /// The counts of this instance, always as many; asked after its last batch.
    var tally: [Int] { get }

    /// What there is to say of the sums: lower case, no full stop; nothing when there is nothing to say.
    func remarks(_ tally: [Int]) -> [String]

    /// Why nothing may be written with these sums; asked of a whole run before its outputs are put in their places.
    func refusal(_ tally: [Int]) -> String?
}

extension TallyKeeping {
    /// Nothing is counted.
    package var tally: [Int] { [] }

    /// Nothing is to be said.
    package func remarks(_ tally: [Int]) -> [String] { [] }

    /// Nothing stands against it.
    package func refusal(_ tally: [Int]) -> String? { nil }
}
