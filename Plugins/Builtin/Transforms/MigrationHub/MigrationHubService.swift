import MHPipeKit

/// A service of the Migration Hub family or around it, by the name that `migration.service` has.
enum MigrationHubService: String, CaseIterable, Sendable {
    case migrationhub, config, strategy, orchestrator
    case refactorSpaces = "refactor-spaces"
    case discovery, journeys
    case mgn, dms, drs, transform

    static let family: [MigrationHubService] = allCases.filter { !around.contains($0) }
    /// The services that move servers and databases, and the successor of Migration Hub.
    static let around: [MigrationHubService] = [.mgn, .dms, .drs, .transform]

    /// The name as a literal, for writing it without a copy.
    var literal: StaticString {
        switch self {
        case .migrationhub: "migrationhub"
        case .config: "config"
        case .strategy: "strategy"
        case .orchestrator: "orchestrator"
        case .refactorSpaces: "refactor-spaces"
        case .discovery: "discovery"
        case .journeys: "journeys"
        case .mgn: "mgn"
        case .dms: "dms"
        case .drs: "drs"
        case .transform: "transform"
        }
    }
}

/// Some services, as the option `services` names them.
///
/// `all` is the whole family, `migration` is that and what is around it.
struct MigrationHubServices: OptionValue, Hashable {
    /// In the order of the declaration, without repetition.
    var services: [MigrationHubService]

    /// The family but discovery, which lists servers whether or not they are migrated and has to be named.
    static let standard = MigrationHubServices(services: MigrationHubService.family.filter { $0 != .discovery })

    private static let groups = ["all": MigrationHubService.family, "migration": MigrationHubService.allCases]
    private static let words = MigrationHubService.allCases.map(\.rawValue) + groups.keys.sorted()

    private init(services: [MigrationHubService]) {
        self.services = services
    }

    static var typeName: String {
        "all, migration, or a list, each element one of "
            + MigrationHubService.allCases.map(\.rawValue).joined(separator: ", ")
    }

    init(config node: ConfigNode) throws(OptionError) {
        var chosen: Set<MigrationHubService> = []
        let elements = node.elements ?? [node]
        guard !elements.isEmpty else { throw OptionError("needs at least one service, or all") }
        for element in elements {
            if let group = element.text.flatMap({ Self.groups[$0] }) {
                chosen.formUnion(group)
            } else {
                chosen.insert(try Self.service(element))
            }
        }
        services = MigrationHubService.allCases.filter(chosen.contains)
    }

    private static func service(_ node: ConfigNode) throws(OptionError) -> MigrationHubService {
        if let service = node.text.flatMap(MigrationHubService.init(rawValue:)) { return service }
        throw OptionError(
            "needs one of \(words.joined(separator: ", ")), not \(node.shown)",
            label: node.text == "mgh"
                ? "did you mean 'migrationhub'?" : node.text.flatMap { Suggestion.label(for: $0, among: words) },
            at: node.text
        )
    }

    var optionText: String {
        "[" + services.map(\.rawValue).joined(separator: ", ") + "]"
    }
}
