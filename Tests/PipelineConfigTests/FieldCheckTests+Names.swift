/// Names that no event has, and what is nearly them.
extension FieldCheckTests {
    static let misspelt = [
        Case(filter: "wrong case", "1️⃣eventsource", "error: did you mean 'eventSource'?"),
        Case(filter: "a letter less", "1️⃣eventSorce", "did you mean 'eventSource'?"),
        Case(filter: "letters swapped", "1️⃣evnetName", "did you mean 'eventName'?"),
        Case(filter: "snake case", "1️⃣aws_region", "did you mean 'awsRegion'?"),
        Case(filter: "the letters of an id", "1️⃣requestId", "error: did you mean 'requestID'?"),
        Case(filter: "an account's id", "1️⃣recipientAccountID", "error: did you mean 'recipientAccountId'?"),
        Case(filter: "an id of aggregated events", "1️⃣eventId", "did you mean 'eventID'?"),
        Case(filter: "below", "userIdentity.1️⃣Type", "error: did you mean 'type'?"),
        Case(
            filter: "far below",
            "userIdentity.sessionContext.sessionIssuer.1️⃣usrName",
            "did you mean 'userName'?"
        ),
        Case(
            filter: "in the middle",
            "userIdentity.1️⃣sesionContext.sessionIssuer.userName",
            "did you mean 'sessionContext'?"
        ),
        Case(filter: "at the top, more below", "1️⃣useridentity.type", "error: did you mean 'userIdentity'?"),
        Case(filter: "above what is open", "1️⃣requestparameters.bucketName", "error: did you mean 'requestParameters'?"),
        Case(filter: "two keys", "1️⃣useridentity.usrname", "did you mean 'userIdentity.userName'?"),
        Case(filter: "an element's key", "resources.0.1️⃣arn", "error: did you mean 'ARN'?"),
        Case(filter: "no number of an element", "1️⃣resources.ARN", "did you mean 'resources.0.ARN'?"),
        Case(filter: "a column's name", "1️⃣userIdentity_type", "did you mean 'userIdentity.type'?"),
        Case(filter: "a part of a name", "1️⃣region", "did you mean 'awsRegion'?"),
        Case(filter: "only the last key", "1️⃣userName", "did you mean 'userIdentity.userName'?"),
        Case(
            filter: "without the first key",
            "1️⃣sessionIssuer.userName",
            "did you mean 'userIdentity.sessionContext.sessionIssuer.userName'?"
        ),
        Case(filter: "in single quotes", "'1️⃣eventsource'", "error: did you mean 'eventSource'?"),
        Case(filter: "in double quotes", "\"userIdentity.1️⃣arnn\"", "did you mean 'arn'?"),
        Case(filter: "a key in quotes", "'userIdentity.1️⃣\"arnn\"'", "did you mean 'arn'?"),
        Case(filter: "a key in escaped quotes", "\"userIdentity.1️⃣\\\"arnn\\\".x\"", "did you mean 'arn'?"),
        Case(filter: "from a variable", "\"1️⃣${FIELD}\"", "error: did you mean 'eventSource'?"),
        Case(
            "in a block list",
            """
            sinks:
              o:
                type: csv
                path: '-'
                columns:
                  - eventTime
                  - userIdentity.1️⃣arm
                  - "2️⃣eventname"
                  - requestParameters.anything
            """,
            "did you mean 'arn'?",
            "error: did you mean 'eventName'?"
        ),
        Case(
            "in a flow list",
            "sinks: {o: {type: sqlite, path: x.db, columns: [eventTime, 1️⃣Eventname, 'tlsDetails.2️⃣tlsversion']}}",
            "error: did you mean 'eventName'?",
            "error: did you mean 'tlsVersion'?"
        ),
        Case(
            "in two options",
            "sinks: {o: {type: sqlite, path: x.db, columns: [1️⃣eventname], indexes: [2️⃣eventname]}}",
            "error: did you mean 'eventName'?",
            "error: did you mean 'eventName'?"
        ),
        Case(
            "one path instead of a list",
            "sinks: {o: {type: csv, path: '-', columns: 1️⃣eventname}}",
            "error: did you mean 'eventName'?"
        ),
        Case(
            "in options of any type",
            """
            transforms:
              e:
                type: fields_everywhere
                one: 1️⃣eventname
                list: [eventName, userIdentity.2️⃣arnn]
                mapping: {a: eventName, b: 3️⃣eventsource}
                own: {field: 4️⃣sourceipaddress}
            """,
            "error: did you mean 'eventName'?",
            "did you mean 'arn'?",
            "error: did you mean 'eventSource'?",
            "error: did you mean 'sourceIPAddress'?"
        ),
    ]

    static let paths = [
        Case("the options' defaults", "sinks: {o: {type: csv, path: '-'}}"),
        Case(filter: "open by nature", "requestParameters.\"x.y\".0.Z"),
        Case(filter: "open further down", "userIdentity.sessionContext.webIdFederationData.attributes.appid"),
        Case(filter: "an element", "resources.0"),
        Case(filter: "a number in quotes", "resources.\"12\".ARN"),
        Case(filter: "of Insights", "insightDetails.insightContext.attributions.0.insight.1.value"),
        Case(filter: "of aggregated events", "summary.details.0.statistics.0.name"),
        Case(
            filter: "a list in a list without numbers",
            "1️⃣insightDetails.insightContext.attributions.attribute",
            "did you mean 'insightDetails.insightContext.attributions.0.attribute'?"
        ),
        Case(filter: "below a text", "eventName.1️⃣length", "'eventName' is no object, so it has no field 'length'"),
        Case(filter: "an element of a text", "eventName.1️⃣0", "'eventName' is no object, so it has no field '0'"),
        Case(
            "of what is added",
            """
            transforms:
              who: {type: identity}
              hub: {type: migration_hub}
              f: {type: filter, field: identity.actor, exists: true}
              g: {type: filter, field: identity.1️⃣actr, exists: true}
              h: {type: filter, field: migration.2️⃣Task, exists: true}
              i: {type: filter, field: identity.kind.3️⃣x, exists: true}
              j: {type: filter, field: identity.4️⃣nothing, exists: true}
              k: {type: filter, field: 5️⃣actor, exists: true}
              l: {type: filter, field: 6️⃣identity_actor, exists: true}
              m: {type: filter, field: 7️⃣idenity.actor, exists: true}
            """,
            "did you mean 'actor'?",
            "error: did you mean 'task'?",
            "'identity.kind' is no object, so it has no field 'x'",
            "'identity' has no field 'nothing'",
            "did you mean 'identity.actor'?",
            "did you mean 'identity.actor'?",
            "did you mean 'identity'?"
        ),
        Case(
            "under another name",
            """
            transforms:
              who: {type: identity, as: caller}
              f: {type: filter, field: caller.kind, exists: true}
              g: {type: filter, field: caller.1️⃣Kind, exists: true}
              h: {type: filter, field: 2️⃣Caller.kind, exists: true}
              i: {type: filter, field: 3️⃣identity.kind, exists: true}
            """,
            "error: did you mean 'kind'?",
            "error: did you mean 'caller'?",
            "did you mean 'caller.kind'?"
        ),
        Case(
            "under the name of a field of the record",
            """
            transforms:
              who: {type: identity, as: 1️⃣userIdentity}
              f: {type: filter, field: userIdentity.kind, exists: true}
              g: {type: filter, field: userIdentity.2️⃣type, exists: true}
            """,
            "'as: userIdentity' hides the record's own 'userIdentity' from later stages and from what sinks write",
            "'userIdentity' has no field 'type'"
        ),
    ]
}
