import Foundation
import MHPipeKit
import Testing

@testable import MHPipeBuiltins

/// Damages identities at random, always the same way, and looks at what `identity` makes of them.
@Suite struct IdentityMutationTests {
    /// SplitMix64, seeded.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var value = state
            value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
            return value ^ value >> 31
        }
    }

    private static let keys = [
        "kind", "rootOrUser", "temporaryCredentials", "byService", "basis", "actor", "role", "session", "issuerArn",
        "account", "principalId", "accessKeyId", "mfa", "service", "crossAccount", "keyKind", "provider",
        "sourceIdentity", "onBehalfOf", "signInSession", "agent", "identityStore",
    ]

    private static let whole = """
        {"type":"AssumedRole","principalId":"AROA1:amy","arn":"arn:aws:sts::1:assumed-role/Dev/amy","accountId":"1",\
        "accessKeyId":"ASIA1","userName":"amy","invokedBy":"AWS Internal","identityProvider":"idp",\
        "onBehalfOf":{"userId":"u-1","identityStoreArn":"arn:x"},"sessionContext":{"attributes":{"mfaAuthenticated":\
        "true","creationDate":"2024"},"sessionIssuer":{"type":"Role","principalId":"AROA1","arn":\
        "arn:aws:iam::1:role/aws-service-role/dms.amazonaws.com/R","accountId":"1","userName":"Dev"},\
        "webIdFederationData":{"federatedProvider":"cognito","attributes":{}},"sourceIdentity":"amy"}}
        """

    private static let types = [
        "Root", "IAMUser", "AssumedRole", "Role", "FederatedUser", "SAMLUser", "WebIdentityUser", "AWSService",
        "AWSAccount", "IdentityCenterUser", "Directory", "Unknown", "Robot",
    ]

    @Test(arguments: 1...12)
    func damagedIdentitiesGiveValidObjects(seed: UInt64) throws {
        var random = Random(state: seed)
        let source = try #require(JSONValue(parsing: Self.whole))
        let records = (0..<250).map { _ in
            let identity = Self.damaged(source, &random)
            let event = random.next() % 4 == 0 ? #""eventType":"AwsServiceEvent","# : ""
            return #"{\#(event)"userIdentity":\#(identity),"recipientAccountId":"1"}"#
        }
        let run = try TransformRun(IdentityTransform.self)
        let batch = try run.batch(records)
        #expect(batch.count == records.count)
        let column = try #require(batch.columns.first)
        for row in 0..<batch.rowCount { try check(JSONLines.objectText(of: column, row: row), of: records[row]) }
    }

    private func check(_ text: String, of record: String) throws {
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
            "no JSON object: \(text) of \(record)"
        )
        let found = try #require(JSONValue(parsing: text)).members.map(\.key)
        #expect(found == Self.keys.filter(found.contains), "keys of \(record)")
        #expect(found.prefix(5) == Self.keys.prefix(5), "keys of \(record)")
        #expect(object.values.allSatisfy { ($0 as? String)?.isEmpty != true }, "an empty text in \(text)")
        if object["role"] != nil { #expect(object["kind"] as? String == "role", "\(text)") }
        if object["session"] != nil {
            #expect(["role", "federated_user"].contains(object["kind"] as? String), "\(text)")
        }
        if object["service"] != nil { #expect(object["byService"] as? Bool == true, "\(text)") }
        if object["account"] != nil { #expect(object["actor"] != nil, "\(text)") }
        let questions = object["rootOrUser"] as? Bool == true && object["temporaryCredentials"] as? Bool == true
        #expect(!questions, "\(text)")
    }

    /// The JSON text of a value of which some members are gone, doubled or of another type.
    private static func damaged(_ value: JSONValue, _ random: inout Random) -> String {
        guard value.kind == .object else { return value.json }
        var members: [String] = []
        for member in value.members {
            let key = #""\#(member.key)":"#
            switch random.next() % 12 {
            case 0, 1: continue
            case 2: members.append(key + #""""#)
            case 3: members.append(key + "null")
            case 4: members.append(key + ["7", "true", "[]", "{}", #"[{"type":"Root"}]"#][Int(random.next() % 5)])
            case 5: members += [key + #""twice""#, key + damaged(member.value, &random)]
            case 6: members.append(key + value.json)
            case 7: members.append(key + escaped(member.value.json))
            case 8: members.insert(key + #""/""#, at: 0)
            default: members.append(key + changed(member.key, damaged(member.value, &random), &random))
            }
        }
        return "{" + members.joined(separator: random.next() % 8 == 0 ? " , \n" : ",") + "}"
    }

    private static func changed(_ key: String, _ json: String, _ random: inout Random) -> String {
        guard key == "type", random.next() % 4 > 0 else { return json }
        return #""\#(types[Int(random.next() % UInt64(types.count))])""#
    }

    private static func escaped(_ json: String) -> String {
        json.replacing("/", with: #"\/"#).replacing("A", with: #"\u0041"#).replacing("m", with: #"\ud83d\ude00"#)
    }
}
