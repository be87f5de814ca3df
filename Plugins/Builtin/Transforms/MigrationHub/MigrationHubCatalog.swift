import MHPipeKit
import MHPipeMatching

/// Tells which service of the Migration Hub family an event belongs to.
struct MigrationHubCatalog {
    private struct Source {
        let name: StaticString
        let service: MigrationHubService
    }

    private let sources: [Source]
    /// Bit *n* is set when a source has *n* bytes; nearly all foreign sources fail this look.
    private let lengths: UInt64
    /// For each action name the one service that has it; names that several services have are not there.
    private static let owners: [String: MigrationHubService] = services.compactMapValues { services in
        let family = services.filter { !MigrationHubService.around.contains($0) }
        return family.count == 1 ? family[0] : nil
    }
    /// The actions that belong to `config` under the sources of Migration Hub too.
    private let configActions: ByteStringSet

    /// - Parameter services: Those that are kept; those around the family are told only where they are among them.
    init(_ services: [MigrationHubService]) {
        let around = MigrationHubActions.around.filter { services.contains($0.service) }
        sources = (MigrationHubActions.all + around).flatMap { actions in
            actions.sources.map { Source(name: $0, service: actions.service) }
        }
        lengths = sources.reduce(0) { $0 | 1 << UInt64($1.name.utf8CodeUnitCount) }
        configActions = ByteStringSet(MigrationHubActions.all.filter { $0.service == .config }.flatMap(\.names))
    }

    /// For each action name, further names included, the services that have it.
    static let services: [String: [MigrationHubService]] = {
        var services: [String: [MigrationHubService]] = [:]
        for actions in MigrationHubActions.all + MigrationHubActions.around {
            for name in actions.names + actions.otherNames.keys { services[name, default: []].append(actions.service) }
        }
        return services
    }()

    /// All action names, service by service; one that several services have comes several times.
    static var actionNames: [String] {
        (MigrationHubActions.all + MigrationHubActions.around).flatMap { $0.names + $0.otherNames.keys.sorted() }
    }

    /// The names that mean the same action as `name`, itself included.
    static func synonyms(of name: String) -> Set<String> {
        var names: Set = [name]
        for actions in MigrationHubActions.all {
            let operation = actions.otherNames[name] ?? name
            guard actions.names.contains(operation) else { continue }
            names.insert(operation)
            names.formUnion(actions.otherNames.filter { $0.value == operation }.keys)
        }
        return names
    }

    /// True when the bytes are an event source of the family: the look that foreign events end with.
    func isSource(_ name: JSONSlice) -> Bool {
        guard unsafe name.bytes.count < 64, unsafe lengths >> UInt64(name.bytes.count) & 1 == 1 else { return false }
        for source in sources where name.equals(source.name) { return true }
        return false
    }

    /// The service of an event, or nil when it is none of the family.
    ///
    /// - Parameters:
    ///   - source: The normalized `eventSource`; missing when it is empty or no string.
    ///   - action: The normalized `eventName`.
    /// - Returns: The service by the source; by the action where there is no source.
    func service(source: JSONSlice, action: JSONSlice) -> MigrationHubService? {
        guard source.isPresent else { return action.string.flatMap { Self.owners[$0] } }
        for candidate in sources where source.equals(candidate.name) {
            let isConfig = unsafe candidate.service == .migrationhub && configActions.contains(action.bytes)
            return isConfig ? .config : candidate.service
        }
        return nil
    }
}
