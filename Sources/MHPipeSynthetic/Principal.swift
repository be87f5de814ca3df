/// Someone or something that makes calls, with all that its events say of it.
final class Principal: Sendable {
    /// The `userIdentity` object; when it says since when a session lasts, as far as that time.
    let identity: [UInt8]
    /// What follows the time since when a session lasts; nil when it is not told.
    let identityEnd: [UInt8]?
    /// The ARN that messages about a refusal name.
    let arn: String
    let address: [UInt8]
    let agent: [UInt8]
    let usesConsole: Bool
    /// False for services, whose calls are not made over the network.
    let usesTLS: Bool
    /// True for the role of an instance, whose calls often come through an endpoint.
    let isInstance: Bool
    /// Where in the six hours of a session this one's begins, in seconds.
    private let phase: Int

    private static let sessionSeconds = 6 * 3600

    init(
        identity: String,
        end: String? = nil,
        arn: String = "",
        address: String,
        agent: String,
        usesConsole: Bool = false,
        usesTLS: Bool = true,
        isInstance: Bool = false
    ) {
        self.identity = Array(identity.utf8)
        identityEnd = end.map { Array($0.utf8) }
        self.arn = arn
        self.address = Array(address.utf8)
        self.agent = Array(agent.utf8)
        self.usesConsole = usesConsole
        self.usesTLS = usesTLS
        self.isInstance = isInstance
        phase = self.identity.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % Self.sessionSeconds
    }

    /// An AWS service that calls by itself.
    static func service(_ name: String) -> Principal {
        let host = "\(name).amazonaws.com"
        return Principal(
            identity: #"{"type":"AWSService","invokedBy":"\#(host)"}"#,
            address: host,
            agent: host,
            usesTLS: false
        )
    }

    /// Writes the `userIdentity` object for an event.
    func writeIdentity(at time: Int, into text: inout [UInt8]) {
        text.append(contentsOf: identity)
        guard let identityEnd else { return }
        TrailTime(time - 5 - (time + phase) % Self.sessionSeconds).writeISO(into: &text)
        text.append(contentsOf: identityEnd)
    }
}
