import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeRuntime
import Testing

@testable import MHPipeCommand

@Suite struct RunSummaryTests {
    private let report = """
        {
          "pipeline": "audit", "outcome": "completed", "started": "2026-01-31T23:59:59Z", "ended": "2026-01-31T23:59:59.61Z",
          "filesSeen": 9753, "files": 9753, "filesLeftOut": 0, "otherFiles": 0, "filesPruned": 0, "foldersPruned": 0, "filesNotReached": 0, "filesBefore": 0, "problemsBefore": false, "filesRepeated": 0, "filesCommitted": 0, "filesChanged": 0, "filesReread": 0, "quarantineLeftOut": 0,
          "filesDamaged": 0, "housekeeping": 0, "unreadable": 0, "problemFiles": [], "moreProblemFiles": 0,
          "bytesRead": 312400000, "bytesDecompressed": 1040000000, "eventsIn": 663584, "eventsMade": 0, "eventsKept": 6636,
          "eventsFiltered": 656948, "eventsNotSelected": 0, "eventsWithoutField": 0, "eventsQuarantined": 0, "eventsRejected": 0, "seconds": 0.61,
          "stages": [
            {"name": "logs", "plugin": "directory", "kind": "source", "eventsIn": 663584, "eventsOut": 663584, "eventsMade": 0, "eventsFiltered": 0, "eventsWithoutField": 0, "eventsDuplicate": 0, "eventsConsumed": 0, "eventsQuarantined": 0,
             "bytesOut": 0, "paths": [], "endedEarly": false},
            {"name": "hub", "plugin": "migration_hub", "kind": "transform", "eventsIn": 663584, "eventsOut": 6636, "eventsMade": 0, "eventsFiltered": 656948, "eventsWithoutField": 0, "eventsDuplicate": 0, "eventsConsumed": 0, "eventsQuarantined": 0,
             "bytesOut": 0, "paths": [], "endedEarly": false},
            {"name": "who", "plugin": "identity", "kind": "transform", "eventsIn": 6636, "eventsOut": 6636, "eventsMade": 0, "eventsFiltered": 0, "eventsWithoutField": 0, "eventsDuplicate": 0, "eventsConsumed": 0, "eventsQuarantined": 0,
             "bytesOut": 0, "paths": [], "endedEarly": false},
            {"name": "lines", "plugin": "jsonl", "kind": "sink", "eventsIn": 6636, "eventsOut": 6636, "eventsMade": 0, "eventsFiltered": 0, "eventsWithoutField": 0, "eventsDuplicate": 0, "eventsConsumed": 0, "eventsQuarantined": 0,
             "bytesOut": 9000000, "paths": [], "endedEarly": false},
            {"name": "other", "plugin": "mine", "kind": "sink", "eventsIn": 6636, "eventsOut": 6636, "eventsMade": 0, "eventsFiltered": 0, "eventsWithoutField": 0, "eventsDuplicate": 0, "eventsConsumed": 0, "eventsQuarantined": 0,
             "bytesOut": 9000000, "paths": [], "endedEarly": false}
          ],
          "warnings": []
        }
        """

    private func summary(_ change: (inout RunReport) -> Void = { _ in }, quarantine: String? = nil) throws -> String {
        var report = try JSONDecoder().decode(RunReport.self, from: Data(report.utf8))
        change(&report)
        var plan = PipelinePlan(name: "audit")
        plan.settings.quarantine = quarantine
        plan.sinks = [
            Stage("lines", SilentSink.self, SilentSink.Options(path: "audit.jsonl"), inputs: []),
            Stage("other", SilentSink.self, SilentSink.Options(), inputs: []),
        ]
        return RunSummary(report, of: plan, filesTotal: 12_000).text
    }

    @Test func numbersStandFlushRight() throws {
        #expect(
            try summary() == """
                mhpipe: audit: done in 0.61 s
                    9,753  files read, 312.4 MB, 1.0 GB decompressed
                  663,584  events in, 1,087,843 a second
                  656,948  filtered by hub
                    6,636  kept
                    6,636  written to audit.jsonl
                    6,636  written to other
                """
        )
    }

    @Test func whatBecameOfEventsIsToldByReason() throws {
        let text = try summary {
            $0.stages[1].eventsFiltered = 0
            $0.stages[1].eventsDuplicate = 600_000
            $0.stages[1].eventsConsumed = 56_950
            $0.stages[1].eventsMade = 2
        }
        #expect(
            text.contains(
                """
                  600,000  duplicates, dropped by hub
                   56,950  taken up by hub
                        2  made by hub
                    6,636  kept
                """
            ),
            "\(text)"
        )
    }

    @Test func problemsAreLoud() throws {
        let text = try summary(
            {
                $0.eventsQuarantined = 3
                $0.eventsRejected = 4
                $0.filesDamaged = 1
                $0.unreadable = 2
                $0.housekeeping = 12
            },
            quarantine: "bad.jsonl"
        )
        #expect(text.contains("\n       12  not events: digests, control and test messages of AWS\n"))
        #expect(
            text.hasSuffix(
                """
                        3  QUARANTINED: records that could not be read, kept in bad.jsonl
                        4  REJECTED: events that one output lacks, although another has them, kept in bad.jsonl
                        1  DAMAGED: files that could not be read to their end
                        2  UNREADABLE: paths that could not be opened
                """
            )
        )
    }

    @Test func withoutAQuarantineBadRecordsAreOnlyCounted() throws {
        let text = try summary { $0.eventsQuarantined = 2 }
        #expect(
            text.hasSuffix(
                "  2  LEFT OUT: records that could not be read, only counted here; --quarantine FILE keeps them"
            )
        )
    }

    @Test func whatWasNotReadIsCounted() throws {
        let text = try summary {
            $0.filesSeen = 10_000
            $0.filesLeftOut = 200
            $0.otherFiles = 47
            $0.filesRepeated = 3
        }
        #expect(
            text.contains(
                """
                    9,753  files read, 312.4 MB, 1.0 GB decompressed
                        3  of them files that were read before
                      200  left out by 'include' and 'exclude'
                       47  other files, not named like logs, not read
                   10,000  files seen in all
                  663,584  events in
                """
            )
        )
    }

    @Test func anInterruptedRunSaysSo() throws {
        let lines = try summary { $0.outcome = .interrupted }.split(separator: "\n")
        #expect(lines[0] == "mhpipe: audit: interrupted after 0.61 s")
        #expect(lines[1] == "    9,753  of 12,000 files read, 312.4 MB, 1.0 GB decompressed")
    }

    @Test func theNamesOfATerminalsEnemiesAreWrittenOut() throws {
        #expect(try summary({ $0.eventsQuarantined = 1 }, quarantine: "a\u{1B}[2J").hasSuffix("kept in a\\u{1B}[2J"))
    }
}
