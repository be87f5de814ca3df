import MHPipeKit

/// A service of the Migration Hub family, by the name that `migration.service` has.
enum MigrationHubService: String, CaseIterable, Sendable {
    case migrationhub, config, strategy, orchestrator
    case refactorSpaces = "refactor-spaces"
    case discovery, journeys

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
        }
    }
}

/// Some services of the family, as the option `services` names them.
struct MigrationHubServices: OptionValue, Hashable {
    /// In the order of the declaration, without repetition.
    var services: [MigrationHubService]

    /// Every service but discovery, which lists servers whether or not they are migrated and has to be named.
    static let standard = MigrationHubServices(services: MigrationHubService.allCases.filter { $0 != .discovery })

    private static let everything = "all"

    private init(services: [MigrationHubService]) {
        self.services = services
    }

    static var typeName: String {
        "all, or a list, each element one of " + MigrationHubService.allCases.map(\.rawValue).joined(separator: ", ")
    }

    init(config node: ConfigNode) throws(OptionError) {
        var chosen: Set<MigrationHubService> = []
        let elements = node.elements ?? [node]
        guard !elements.isEmpty else { throw OptionError("needs at least one service, or all") }
        for element in elements {
            if element.text == Self.everything {
                chosen.formUnion(MigrationHubService.allCases)
            } else {
                chosen.insert(try Self.service(element))
            }
        }
        services = MigrationHubService.allCases.filter(chosen.contains)
    }

    private static func service(_ node: ConfigNode) throws(OptionError) -> MigrationHubService {
        if let service = node.text.flatMap(MigrationHubService.init(rawValue:)) { return service }
        let words = MigrationHubService.allCases.map(\.rawValue) + [everything]
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
