import MHPipeKit
import MHPipeRuntime
import MHPipeTesting
import Testing

@testable import MHPipeExample

/// What must hold for any plugin holds for these.
@Suite struct ConformanceTests {
    @Test func keepWhatMustHoldForAnyPlugin() throws {
        let registry = PluginRegistry(
            sources: [ManifestSource.self, PagesSource.self, SpoolSource.self],
            transforms: [TagTeamTransform.self, FirstCallTransform.self, OutcomeTransform.self],
            sinks: [TallySink.self, AccountsSink.self, LedgerSink.self]
        )
        let samples = try PluginSamples(
            parsing: """
                sources:
                  manifest:
                    - path: ${FOLDER}/files.txt
                  spool:
                    - path: ${FOLDER}
                transforms:
                  tag_team:
                    - teams: { "123456789012": payments }
                    - teams: {}
                      owned_only: true
                sinks:
                  tally:
                    - path: ${FOLDER}/calls.tsv
                    - path: ${FOLDER}/calls.tsv
                      field: userIdentity.type
                  ledger:
                    - path: ${FOLDER}/ledger.tsv
                  accounts:
                    - path: ${FOLDER}/accounts/{recipientAccountId}.jsonl
                    - path: "${FOLDER}/types/{userIdentity.type}/{eventTime:%Y-%m-%d}.jsonl"
                """
        )
        let findings = try PluginConformance.check(registry, samples: samples) { plan, started in
            let run = PipelineRun(plan)
            started { run.cancel() }
            _ = try run.run()
        }
        for finding in findings { Issue.record("\(finding)") }
    }
}
