/// A kind of call, and what its events hold beside who made it and when.
///
/// Names, shapes and sizes follow published trails and the documentation of the services.
struct CallTemplate: Sendable {
    /// The `eventType`.
    enum Kind: String, Sendable {
        case apiCall = "AwsApiCall"
        case serviceEvent = "AwsServiceEvent"
        case consoleSignIn = "AwsConsoleSignIn"
    }

    let service: String
    let name: String
    let weight: Int
    let request: CallPattern
    let response: CallPattern
    let isReadOnly: Bool
    let caller: Caller
    let resources: CallPattern?
    let additional: CallPattern?
    let isData: Bool
    let failures: [CallFailure]
    let kind: Kind
    let isShared: Bool
    let hasEndpoint: Bool
    let hasRequestID: Bool
    let apiVersion: String?
    let serviceDetails: CallPattern?

    /// Describes a kind of call.
    ///
    /// - Parameters:
    ///   - service: The service's name, as in its `eventSource`.
    ///   - name: The `eventName`.
    ///   - weight: How often it comes up, against the others.
    ///   - request: The `requestParameters`.
    ///   - response: The `responseElements` of a call that does not fail.
    ///   - isReadOnly: Whether it only reads; told by the name where it is left out.
    ///   - caller: Who makes it.
    ///   - resources: The `resources`, where events have them.
    ///   - additional: The `additionalEventData`, where events have it.
    ///   - isData: True for a data event.
    ///   - failures: How it fails; a refusal now and then where it is left out.
    ///   - kind: The `eventType`.
    ///   - isShared: True when events have a `sharedEventID`.
    ///   - hasEndpoint: True when calls often come through an endpoint.
    ///   - hasRequestID: False when events have no `requestID`.
    ///   - apiVersion: The `apiVersion`, where events have it.
    ///   - serviceDetails: The `serviceEventDetails`, where events have them.
    init(
        _ service: String,
        _ name: String,
        weight: Int,
        request: CallPattern = "null",
        response: CallPattern = "null",
        isReadOnly: Bool? = nil,
        caller: Caller = .anyone,
        resources: CallPattern? = nil,
        additional: CallPattern? = nil,
        isData: Bool = false,
        failures: [CallFailure]? = nil,
        kind: Kind = .apiCall,
        isShared: Bool = false,
        hasEndpoint: Bool = false,
        hasRequestID: Bool = true,
        apiVersion: String? = nil,
        serviceDetails: CallPattern? = nil
    ) {
        self.service = service
        self.name = name
        self.weight = weight
        self.request = request
        self.response = response
        self.isReadOnly = isReadOnly ?? Self.readingNames.contains { name.hasPrefix($0) }
        self.caller = caller
        self.resources = resources
        self.additional = additional
        self.isData = isData
        self.failures = failures ?? [.denied(service, name, 85)]
        self.kind = kind
        self.isShared = isShared
        self.hasEndpoint = hasEndpoint
        self.hasRequestID = hasRequestID
        self.apiVersion = apiVersion
        self.serviceDetails = serviceDetails
    }

    /// A call of the Migration Hub family.
    static func hub(
        _ service: String,
        _ name: String,
        weight: Int,
        request: CallPattern = "null",
        response: CallPattern = "null",
        isReadOnly: Bool? = nil
    ) -> CallTemplate {
        CallTemplate(
            service,
            name,
            weight: weight,
            request: request,
            response: response,
            isReadOnly: isReadOnly,
            caller: .migrationTools,
            failures: CallFailure.ofMigrationHub(service, name)
        )
    }

    private static let readingNames = [
        "Describe", "List", "Get", "Head", "Lookup", "Decrypt", "GenerateDataKey", "AssumeRole", "Search", "Query",
        "Batch",
    ]

    /// The calls of everyone else.
    static let ofOthers = WeightedChoice(
        (storage + keys + compute + access + other + nearMigration).map { ($0, $0.weight) }
    )

    /// The calls of Migration Hub and its family.
    static let ofMigrationHub = WeightedChoice((migrationHub + migrationFamily).map { ($0, $0.weight) })
}
