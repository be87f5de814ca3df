import Foundation
import MHPipeKit

@testable import MHPipeBuiltins

/// Records in which a field is not what it should be, and what of it must be found again.
struct OddRecord {
    /// What was made odd, for messages.
    let name: String
    let json: String
    /// Texts, each of which stands nowhere else in the record.
    let leaves: [String]
    /// True where a field that says when the event was is no time.
    let lacksTime: Bool

    /// Every field of every kind of record, with a value of each JSON type.
    ///
    /// - Parameter blanks: True for empty values too.
    /// - Returns: The records, sound ones among them.
    static func all(blanks: Bool) -> [OddRecord] {
        var records: [OddRecord] = []
        for (kind, base) in bases {
            records.append(OddRecord(name: kind, fields: base, leaves: leaves(in: base)))
            for field in RecordField.allCases {
                let values = Value.all + (blanks ? Value.blanks : [])
                for value in values {
                    var fields = base
                    set(value.value, at: field.path.keys[...], in: &fields)
                    let rest = leaves(in: fields).filter { !value.leaves.contains($0) }
                    records.append(
                        OddRecord(
                            name: "\(field.stringValue) is \(value.name), in \(kind)",
                            fields: fields,
                            leaves: value.leaves + rest,
                            lacksTime: field == .eventTime
                        )
                    )
                }
            }
        }
        return records + lists
    }

    private init(name: String, fields: [String: Any], leaves: [String], lacksTime: Bool = false) {
        let data = try? JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys, .withoutEscapingSlashes])
        let json = String(decoding: data ?? Data(), as: UTF8.self)
        (self.name, self.json, self.leaves, self.lacksTime) = (name, json, leaves, lacksTime)
    }

    private init(resources: String, _ leaves: [String]) {
        name = "resources \(resources)"
        json = #"{"eventTime":"2026-01-31T23:59:59Z","eventName":"GetX","resources":\#(resources)}"#
        (self.leaves, lacksTime) = (leaves, false)
    }

    /// One odd value.
    private struct Value {
        let name: String
        let value: Any
        let leaves: [String]

        static var all: [Value] {
            [
                Value(name: "a number", value: 70_031, leaves: ["70031"]),
                Value(name: "true", value: true, leaves: [":true"]),
                Value(name: "false", value: false, leaves: [":false"]),
                Value(name: "a text", value: "odd text", leaves: ["odd text"]),
                Value(name: "TLSv", value: "TLSv", leaves: ["TLSv"]),
                Value(name: "a long text", value: String(repeating: "long", count: 20_000), leaves: ["longlonglong"]),
                Value(name: "a time", value: "2026-02-03T04:05:06.123456Z", leaves: ["04:05:06.123456"]),
                Value(name: "an object", value: ["inner": "in object"], leaves: ["in object"]),
                Value(
                    name: "a list",
                    value: ["in list", ["deeper": "in both"]] as [Any],
                    leaves: ["in list", "in both"]
                ),
            ]
        }

        static var blanks: [Value] {
            [
                Value(name: "an empty text", value: "", leaves: [#":"""#]),
                Value(name: "an empty object", value: [String: Any](), leaves: ["{}"]),
                Value(name: "an empty list", value: [Any](), leaves: ["[]"]),
            ]
        }
    }

    /// Records of the kinds that are written differently; none of their texts is part of another.
    private static var bases: [(String, [String: Any])] {
        let caller: [String: Any] = ["type": "AssumedRole", "principalId": "AROA7:person", "arn": "arn:of:caller"]
        func call(_ source: String, _ action: String, _ more: [String: Any] = [:]) -> [String: Any] {
            let fields: [String: Any] = [
                "eventTime": "2026-01-31T23:59:59Z", "eventSource": source + ".amazonaws.com", "eventName": action,
                "userIdentity": caller, "requestID": "req-1",
            ]
            return fields.merging(more) { $1 }
        }
        let root: [String: Any] = [
            "type": "Root", "sessionContext": ["sessionIssuer": ["userName": "issuer's name"]],
        ]
        var whole: [String: Any] = ["eventTime": "2026-01-31T23:59:59Z"]
        for field in RecordField.allCases where field.path.keys.count > 1 {
            set("leaf \(field.stringValue) ends", at: field.path.keys[...], in: &whole)
        }
        let containers = Set(RecordField.allCases.map(\.path.keys).filter { $0.count > 1 }.map { $0[0] })
        for field in RecordField.allCases where field.path.keys.count == 1 && field != .eventTime {
            if !containers.contains(field.path.keys[0]) { whole[field.path.keys[0]] = "leaf \(field.stringValue) ends" }
        }
        return [
            ("a call", call("ec2", "RunInstances")),
            ("a call without a caller", ["eventTime": "2026-01-31T23:59:59Z"]),
            ("a call of root", call("s3", "GetObject", ["userIdentity": root])),
            ("a change of an account", call("iam", "CreateUser", ["requestParameters": ["userName": "new user"]])),
            ("a change of a group", call("iam", "CreateGroup", ["requestParameters": ["groupName": "new group"]])),
            ("a session", call("sts", "AssumeRole", ["requestParameters": ["roleArn": "arn:aws:iam::22:role/R"]])),
            ("a sign-in", call("signin", "ConsoleLogin", ["additionalEventData": ["LoginTo": "the console"]])),
            ("an insight", call("ec2", "", ["insightDetails": ["eventName": "insight's action"]])),
            ("a window", call("ec2", "GetX", ["timeWindow": ["windowStart": "2026-01-01 00:00:00"]])),
            ("all fields", whole),
        ]
    }

    private static var lists: [OddRecord] {
        [
            OddRecord(resources: #"["a name",{"ARN":"an arn"}]"#, ["a name", "an arn"]),
            OddRecord(resources: #"[{"ARN":70031,"type":"a type"}]"#, ["70031", "a type"]),
            OddRecord(resources: #"[{"ARN":"first","ARN":"second"}]"#, ["first", "second"]),
            OddRecord(resources: #"[{"ARN":"x","accountId":"acc 1","accountId":"acc 2"}]"#, ["acc 1", "acc 2"]),
            OddRecord(resources: #"[{"ARN":"x","type":{"inner":"in type"}}]"#, ["in type"]),
            OddRecord(resources: #"[{"ARN":"x","other":"more"},{"ARN":"x","other":"else"}]"#, ["more", "else"]),
            OddRecord(resources: #"[["in a list"]]"#, ["in a list"]),
            OddRecord(resources: #"[{"ARN":"x"},70031,true]"#, ["70031", "true"]),
            OddRecord(resources: #"{"ARN":"an arn"}"#, ["an arn"]),
        ]
    }

    /// The texts and numbers in a value, but for the times, which are written in another form.
    private static func leaves(in value: Any) -> [String] {
        switch value {
        case let object as [String: Any]: object.values.flatMap(leaves)
        case let list as [Any]: list.flatMap(leaves)
        case let text as String where !text.isEmpty && !text.hasPrefix("2026-") && text.utf8.count < 1000: [text]
        default: []
        }
    }

    private static func set(_ value: Any, at keys: ArraySlice<String>, in object: inout [String: Any]) {
        guard let key = keys.first else { return }
        guard keys.count > 1 else { return object[key] = value }
        var inner = object[key] as? [String: Any] ?? [:]
        set(value, at: keys.dropFirst(), in: &inner)
        object[key] = inner
    }
}
