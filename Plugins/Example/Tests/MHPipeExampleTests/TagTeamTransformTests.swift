import MHPipeKit
import Testing

@testable import MHPipeExample

@Suite struct TagTeamTransformTests {
    private static let records = [
        #"{"eventName":"CreateProgressUpdateStream","recipientAccountId":"111122223333"}"#,
        #"{"eventName":"ListMigrationTasks","recipientAccountId":"999988887777"}"#,
        #"{"eventName":"ConsoleLogin"}"#,
    ]

    private var options: TagTeamTransform.Options {
        var options = TagTeamTransform.Options()
        options.teams = ["111122223333": "payments"]
        return options
    }

    /// What is left of the records, as the `jsonl` sink would write it.
    private func lines(_ options: TagTeamTransform.Options) throws -> [Substring] {
        let transform = try TagTeamTransform(options, PluginContext(stage: "team"))
        let batch = EventBatch(records: Self.records)
        transform.process(batch)
        var encoder = JSONLinesEncoder()
        let output = OutputBuffer()
        encoder.encode(batch, into: output)
        return String(decoding: output.bytes, as: UTF8.self).split(separator: "\n")
    }

    @Test func addsTheTeamOfTheAccount() throws {
        let lines = try lines(options)
        #expect(lines.count == 3)
        #expect(lines[0].hasSuffix(#""recipientAccountId":"111122223333","team":"payments"}"#))
        #expect(lines[1...].elementsEqual(Self.records[1...], by: ==))
    }

    @Test func dropsWhatNoTeamOwnsWhenAsked() throws {
        var options = options
        options.ownedOnly = true
        #expect(try lines(options).count == 1)
    }

    @Test(arguments: ["12345678901", "1234567890123", "payments-prod"])
    func refusesWhatIsNoAccountId(_ account: String) {
        var options = options
        options.teams[account] = "shipping"
        let expected = OptionError(option: "teams", "needs account ids of 12 digits, not '\(account)'")
        #expect(throws: expected) { try TagTeamTransform(options, PluginContext(stage: "team")) }
    }
}
