import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

@Suite struct MigrationHubActionsTests {
    /// One action of the list that was made from the service models and the documentation.
    private struct Documented: Decodable {
        let service: String
        let eventSource: String
        let eventSourceAliases: [String]
        let action: String
        let readOnly: Bool
        let eventNameAliases: [String]?
    }

    private static let services: [String: MigrationHubService] = [
        "mgh": .migrationhub, "migrationhub-config": .config, "migrationhuborchestrator": .orchestrator,
        "migrationhubstrategy": .strategy, "migration-hub-refactor-spaces": .refactorSpaces, "discovery": .discovery,
        "journeys": .journeys,
    ]

    @Test func theFamilyIsWhole() {
        #expect(Set(MigrationHubActions.all.map(\.service)) == Set(MigrationHubService.family))
        #expect(MigrationHubActions.all.map(\.names.count) == [21, 4, 31, 22, 24, 28, 8])
        for actions in MigrationHubActions.all {
            #expect(Set(actions.names).count == actions.names.count)
            #expect(actions.otherNames.values.allSatisfy(actions.names.contains))
        }
    }

    @Test func theServicesAroundTheFamilyAreWhole() {
        #expect(MigrationHubActions.around.map(\.service) == MigrationHubService.around)
        let sources = (MigrationHubActions.all + MigrationHubActions.around).flatMap(\.sources).map(\.description)
        #expect(Set(sources).count == sources.count)
        for actions in MigrationHubActions.around { #expect(Set(actions.names).count == actions.names.count) }
    }

    @Test(.enabled(if: Repository.sharedData != nil))
    func theTableIsTheListOfTheDocumentedActions() throws {
        let list = Repository.sharedData?.deletingLastPathComponent()
            .appending(path: "domain/migrationhub-actions.json")
        let documented = try JSONDecoder().decode([Documented].self, from: Data(contentsOf: #require(list)))
        for actions in MigrationHubActions.all {
            let own = documented.filter { Self.services[$0.service] == actions.service }
            #expect(actions.names == own.map(\.action))
            let others = own.flatMap { action in (action.eventNameAliases ?? []).map { ($0, action.action) } }
            #expect(actions.otherNames == Dictionary(uniqueKeysWithValues: others))
            let sources = actions.sources.map(\.description)
            let documentedSources = own.first.map { [$0.eventSource] + $0.eventSourceAliases } ?? []
            // Those that `config` shares with Migration Hub decide by the action.
            #expect(sources == documentedSources.filter { actions.service == .migrationhub || !shared.contains($0) })
        }
    }

    private let shared: Set = ["migrationhub.amazonaws.com", "mgh.amazonaws.com"]
}
