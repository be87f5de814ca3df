import MHPipeAWS
import MHPipeKit

/// The address of a queue, as an option.
struct QueueURL: OptionValue, Hashable {
    /// Nil until it is written.
    let address: QueueAddress?

    private static let example = "https://sqs.eu-central-1.amazonaws.com/123456789012/trail"

    static var typeName: String { "the address of a queue such as \(example)" }

    init() {
        address = nil
    }

    init(config node: ConfigNode) throws(OptionError) {
        guard let address = node.text.flatMap({ QueueAddress($0) }) else {
            throw OptionError("needs \(Self.typeName)\(node.insteadOfAddress)")
        }
        self.address = address
    }

    var optionText: String { address?.url ?? "" }
}
