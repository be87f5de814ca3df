import Foundation
import MHPipeKit
import MHPipeTestSupport
import MHPipeTesting
import Testing

@testable import MHPipeBuiltins

@Suite("transform resolve_roles", .timeLimit(.minutes(30))) struct ResolveRolesTransformTests {
    private typealias Found = GeneratedSessions.Expected

    /// What was found, by the events' ids.
    private func found(_ lines: [String], _ key: String = "identity") throws -> [String: Found] {
        var found: [String: Found] = [:]
        for line in lines {
            let record = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let identity = record[key] as? [String: Any] ?? [:]
            found[record["eventID"] as? String ?? ""] = Found(
                origin: identity["origin"] as? String,
                chain: identity["chain"] as? [String] ?? [],
                certainty: identity["certainty"] as? String ?? "nothing"
            )
        }
        return found
    }

    private func resolve(_ records: [String]) throws -> [String: Found] {
        try found(try PluginTrial.lines(ResolveRolesTransform.self, records: records))
    }

    /// All origins are found, and none is made up.
    @Test(arguments: 1...6) func knowsWhoStandsBehindGeneratedSessions(seed: UInt64) throws {
        let trail = GeneratedSessions(seed: seed, people: 60)
        let found = try resolve(trail.events)
        #expect(found.count == trail.events.count)
        for (id, expected) in trail.expected where found[id] != expected {
            let event = trail.events.first { $0.contains("\"\(id)\"") } ?? ""
            Issue.record("\(id): \(String(describing: found[id])) for \(expected) of \(event)")
            break
        }
        #expect(Set(trail.expected.values.map(\.certainty)) == ["certain", "likely", "unknown"])
    }

    /// Whatever the order, the batches and what is on disk: the same is found, and the events keep their order.
    @Test(arguments: 1...4) func theOrderOfTheInputDoesNotMatter(seed: UInt64) throws {
        let trail = GeneratedSessions(seed: seed, people: 40)
        let first = try resolve(trail.events)
        var random = SplitMix64(seed: seed)
        for round in 0..<4 {
            let shuffled = round == 0 ? trail.events.reversed() : trail.events.shuffled(using: &random)
            let lines = try PluginTrial.lines(
                ResolveRolesTransform.self,
                round == 1 ? "memory: 1MiB" : "",
                records: shuffled
            )
            #expect(try found(lines) == first)
            #expect(zip(lines, shuffled).allSatisfy { $0.hasPrefix($1.dropLast()) })
        }
    }

    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let records: [String]
        /// Of the first record: origin, chain and certainty.
        let expected: String

        init(_ description: String, _ records: [String], _ expected: String) {
            (testDescription, self.records, self.expected) = (description, records, expected)
        }
    }

    private static func event(
        _ identity: String,
        _ name: String = "X",
        at time: String = "10:00:00",
        _ more: String = ""
    )
        -> String
    {
        let source = name == "X" ? "ec2" : ["SwitchRole", "ConsoleLogin", "Token"].contains(name) ? "signin" : "sts"
        return
            #"{"eventVersion":"1.08","userIdentity":{\#(identity)},"eventTime":"2026-05-01T\#(time)Z","eventSource":"\#(source).amazonaws.com","eventName":"\#(name)"\#(more)}"#
    }

    private static func session(
        _ name: String,
        created: String? = "10:00:00",
        key: String = "ASIA0",
        _ more: String = ""
    )
        -> String
    {
        let context = created.map { #""attributes":{"creationDate":"2026-05-01T\#($0)Z"}"# }
        let parts = [context, more.isEmpty ? nil : more].compactMap(\.self).joined(separator: ",")
        return
            #""type":"AssumedRole","principalId":"AROA:\#(name)","arn":"arn:aws:sts::1:assumed-role/R/\#(name)","accountId":"1","accessKeyId":"\#(key)","sessionContext":{\#(parts)}"#
    }

    private static func user(_ name: String) -> String {
        #""type":"IAMUser","principalId":"AIDA\#(name)","arn":"arn:aws:iam::1:user/\#(name)","accountId":"1","userName":"\#(name)""#
    }

    private static func issued(_ name: String, key: String = "ASIA1", _ more: String = "") -> String {
        #","responseElements":{"credentials":{"accessKeyId":"\#(key)"},"assumedRoleUser":{"assumedRoleId":"AROA:\#(name)","arn":"arn:aws:sts::1:assumed-role/R/\#(name)"}}"#
            + more
    }

    private static let (ann, bea) = (user("ann"), user("bea"))
    private static let s = "arn:aws:sts::1:assumed-role/R/s"
    private static let annARN = "arn:aws:iam::1:user/ann"

    static let cases = [
        Case("a user", [event(ann)], "\(annARN) [\(annARN)] certain"),
        Case(
            "root",
            [event(#""type":"Root","principalId":"1","arn":"arn:aws:iam::1:root","accountId":"1""#)],
            "arn:aws:iam::1:root [arn:aws:iam::1:root] certain"
        ),
        Case(
            "a service",
            [event(#""type":"AWSService","invokedBy":"ec2.amazonaws.com""#)],
            "ec2.amazonaws.com [ec2.amazonaws.com] certain"
        ),
        Case("nobody", [#"{"eventName":"X"}"#], "nil [] nothing"),
        Case("nothing is known", [event(#""type":"Unknown""#)], "nil [] unknown"),
        Case(
            "a name that was withheld",
            [event(#""type":"IAMUser","accountId":"1","userName":"HIDDEN_DUE_TO_SECURITY_REASONS""#)],
            "nil [1] unknown"
        ),
        Case(
            "by the access key",
            [event(session("s", key: "ASIA1")), event(ann, "AssumeRole", issued("s"))],
            "\(annARN) [\(annARN), \(s)] certain"
        ),
        Case(
            "by the key, although the time is another",
            [event(session("s", created: "11:00:00", key: "ASIA1")), event(ann, "AssumeRole", issued("s"))],
            "\(annARN) [\(annARN), \(s)] certain"
        ),
        Case(
            "by id and time",
            [event(session("s")), event(ann, "AssumeRole", issued("s"))],
            "\(annARN) [\(annARN), \(s)] likely"
        ),
        Case(
            "by id and a time that is a little off",
            [event(session("s", created: "09:59:58")), event(ann, "AssumeRole", issued("s"))],
            "\(annARN) [\(annARN), \(s)] likely"
        ),
        Case(
            "of two at one time",
            [
                event(session("s")), event(ann, "AssumeRole", issued("s")),
                event(bea, "AssumeRole", issued("s", key: "ASIA2")),
            ],
            "nil [\(s)] ambiguous"
        ),
        Case(
            "two of one person",
            [
                event(session("s")), event(ann, "AssumeRole", issued("s")),
                event(ann, "AssumeRole", issued("s", key: "ASIA2")),
            ],
            "\(annARN) [\(annARN), \(s)] likely"
        ),
        Case(
            "an earlier session of the same name",
            [event(session("s")), event(ann, "AssumeRole", at: "09:00:00", issued("s"))],
            "nil [\(s)] unknown"
        ),
        Case(
            "no time, while one was usable",
            [event(session("s", created: nil)), event(ann, "AssumeRole", at: "09:30:00", issued("s"))],
            "\(annARN) [\(annARN), \(s)] likely"
        ),
        Case(
            "no time, and it has expired",
            [event(session("s", created: nil)), event(ann, "AssumeRole", at: "08:30:00", issued("s"))],
            "nil [\(s)] unknown"
        ),
        Case(
            "no time, and it lasts longer",
            [
                event(session("s", created: nil)),
                event(
                    ann,
                    "AssumeRole",
                    at: "08:30:00",
                    issued("s", #","requestParameters":{"durationSeconds":7200}"#)
                ),
            ],
            "\(annARN) [\(annARN), \(s)] likely"
        ),
        Case(
            "a call that was refused issued nothing",
            [event(session("s")), event(ann, "AssumeRole", issued("s", #","errorCode":"AccessDenied""#))],
            "nil [\(s)] unknown"
        ),
        Case(
            "who is said to stand behind it",
            [event(session("s", #""sourceIdentity":"eve""#))],
            "eve [eve, \(s)] likely"
        ),
        Case(
            "what was found counts more than what is said",
            [event(session("s", key: "ASIA1", #""sourceIdentity":"eve""#)), event(ann, "AssumeRole", issued("s"))],
            "\(annARN) [\(annARN), \(s)] certain"
        ),
        Case(
            "a role of Identity Center",
            [
                event(
                    #""type":"AssumedRole","principalId":"AROA:eve@example.com","arn":"arn:aws:sts::1:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/eve@example.com","accountId":"1""#
                )
            ],
            "eve@example.com [eve@example.com, arn:aws:sts::1:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/eve@example.com] likely"
        ),
        Case(
            "a service-linked role",
            [
                event(
                    #""type":"AssumedRole","principalId":"AROA:x","arn":"arn:aws:sts::1:assumed-role/L/x","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::1:role/aws-service-role/rds.amazonaws.com/L"}}"#
                )
            ],
            "rds.amazonaws.com [rds.amazonaws.com, arn:aws:sts::1:assumed-role/L/x] certain"
        ),
        Case(
            "a federated user",
            [
                event(
                    #""type":"FederatedUser","principalId":"1:f","arn":"arn:aws:sts::1:federated-user/f","sessionContext":{"sessionIssuer":{"type":"IAMUser","arn":"\#(annARN)"}}"#
                )
            ],
            "\(annARN) [\(annARN), arn:aws:sts::1:federated-user/f] certain"
        ),
        Case(
            "root by AssumeRoot",
            [
                event(
                    #""type":"Root","principalId":"2","arn":"arn:aws:iam::2:root","accessKeyId":"ASIA1","sessionContext":{"assumedRoot":"true"}"#
                ),
                event(ann, "AssumeRoot", #","responseElements":{"credentials":{"accessKeyId":"ASIA1"}}"#),
            ],
            "\(annARN) [\(annARN), arn:aws:iam::2:root] certain"
        ),
        Case(
            "root by AssumeRoot of nobody knows whom",
            [
                event(
                    #""type":"Root","principalId":"2","arn":"arn:aws:iam::2:root","accessKeyId":"ASIA1","sessionContext":{"assumedRoot":"true"}"#
                )
            ],
            "nil [arn:aws:iam::2:root] unknown"
        ),
        Case(
            "a role that was switched to",
            [
                event(session("s")),
                event(
                    session("s", created: nil),
                    "SwitchRole",
                    #","responseElements":{"SwitchRole":"Success"},"additionalEventData":{"SwitchFrom":"\#(annARN)"}"#
                ),
            ],
            "\(annARN) [\(annARN), \(s)] likely"
        ),
        Case(
            "a role that could not be switched to",
            [
                event(session("s")),
                event(
                    session("s", created: nil),
                    "SwitchRole",
                    #","responseElements":{"SwitchRole":"Failure"},"additionalEventData":{"SwitchFrom":"\#(annARN)"}"#
                ),
            ],
            "nil [\(s)] unknown"
        ),
        Case(
            "a user that another account knows by id",
            [
                event(#""type":"AWSAccount","principalId":"AIDAann","accountId":"1""#), event(ann),
            ],
            "\(annARN) [\(annARN)] certain"
        ),
        Case(
            "a user whom nobody has named",
            [event(#""type":"AWSAccount","principalId":"AIDAann","accountId":"1""#)],
            "AIDAann [AIDAann] certain"
        ),
        Case(
            "a session that another account knows by id",
            [
                event(#""type":"AWSAccount","principalId":"AROA:s","accountId":"1""#),
                event(ann, "AssumeRole", issued("s")),
            ],
            "\(annARN) [\(annARN), \(s)] likely"
        ),
        Case("another account", [event(#""type":"AWSAccount","principalId":"2","accountId":"2""#)], "nil [2] unknown"),
        Case(
            "a copy of an event of which the other account knows more",
            [
                event(#""type":"AWSAccount","principalId":"AROA:s","accountId":"1""#, "X", #","sharedEventID":"x""#),
                event(session("s", key: "ASIA1"), "X", #","sharedEventID":"x""#), event(ann, "AssumeRole", issued("s")),
            ],
            "\(annARN) [\(annARN), \(s)] certain"
        ),
        Case(
            "the date as an older record has it",
            [
                event(session("s", created: nil, #""attributes":{"creationDate":"20260501T100000Z"}"#)),
                event(ann, "AssumeRole", issued("s")),
            ],
            "\(annARN) [\(annARN), \(s)] likely"
        ),
        Case(
            "a session that issued itself",
            [event(session("s", key: "ASIA1")), event(session("s", key: "ASIA1"), "AssumeRole", issued("s"))],
            "nil [\(s)] unknown"
        ),
    ]

    @Test(arguments: cases) func findsTheOrigin(_ example: Case) throws {
        for records in [example.records, [example.records[0]] + example.records.dropFirst().reversed()] {
            let marked = [#"{"eventID":"first","# + records[0].dropFirst()] + records.dropFirst()
            let found = try #require(try resolve(marked)["first"])
            let text = "\(found.origin ?? "nil") [\(found.chain.joined(separator: ", "))] \(found.certainty)"
            #expect(text == example.expected)
        }
    }

    /// What `identity` has added under the same key stays, and goes first.
    @Test func whatIdentityHasAddedStays() throws {
        let batch = EventBatch(records: [Self.event(Self.ann), #"{"eventName":"X","identity":7}"#])
        var identity = IdentityTransform(IdentityTransform.Options(), PluginContext(stage: "who"))
        identity.process(batch)
        let before = batch.map(\.enrichedJSON)
        var resolve = try ResolveRolesTransform(ResolveRolesTransform.Options(), PluginContext(stage: "origin"))
        var lines: [String] = []
        let output = EventOutput { lines += $0.map(\.enrichedJSON) }
        try resolve.process(batch.detached(), into: output)
        try resolve.finish(into: output)
        try output.finish()
        let arn = Self.annARN
        #expect(
            lines == [
                before[0].dropLast(2) + #","origin":"\#(arn)","chain":["\#(arn)"],"certainty":"certain"}}"#,
                before[1],
            ]
        )
    }

    @Test func credentialsThatDoNotFitFailTheRun() {
        let many = (0..<400).map { Self.event(Self.ann, "AssumeRole", Self.issued("session-\($0)", key: "ASIA\($0)")) }
        let error = #expect(throws: StageError.self) {
            try PluginTrial.lines(ResolveRolesTransform.self, "memory: 128KiB", records: many)
        }
        #expect(error?.message == "the events that issued credentials take more than half of 'memory' (128KiB)")
    }
}
