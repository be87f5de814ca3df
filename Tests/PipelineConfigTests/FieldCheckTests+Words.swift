import MHPipeTestSupport

extension FieldCheckTests {
    /// Fields by the words of other programs and schemas, and paths as other languages write them.
    static let words =
        [
            ("time", "eventTime"), ("timestamp", "eventTime"), ("Date", "eventTime"), ("action", "eventName"),
            ("service", "eventSource"), ("source_ip", "sourceIPAddress"), ("clientIP", "sourceIPAddress"),
            ("account", "recipientAccountId"), ("accountId_", "recipientAccountId"), ("error", "errorCode"),
            ("user", "userIdentity.arn"), ("mfa", "userIdentity.sessionContext.attributes.mfaAuthenticated"),
            ("role", "userIdentity.sessionContext.sessionIssuer.userName"),
            ("Records.eventName", "eventName"), ("Records.0.userIdentity.arn", "userIdentity.arn"),
            ("detail.requestParameters.bucketName", "requestParameters.bucketName"), ("$.eventName", "eventName"),
            ("userIdentity.awsRegion", "awsRegion"), ("userIdentity/type", "userIdentity.type"),
            ("userIdentity->type", "userIdentity.type"),
        ].map { written, meant in
            Case(filter: "other word: \(written)", "1️⃣" + written, "did you mean '\(meant)'?")
        } + [
            Case(filter: "only the first key", "1️⃣request.bucketName", "did you mean 'requestParameters'?"),
            Case(
                filter: "below a text by another word",
                "1️⃣user.name",
                "no CloudTrail record has a field 'user', as far as mhpipe knows"
            ),
            Case(
                "fields with commas between them",
                """
                sinks:
                  o:
                    type: csv
                    path: '-'
                    columns: 1️⃣eventTime,eventName
                """,
                "no CloudTrail record has a field 'eventTime,eventName', as far as mhpipe knows"
            ),
        ]

    /// Names of services and regions in the forms that records never have.
    static let spellings = [
        Case(
            "of services",
            """
            transforms:
              a: {type: filter, field: eventSource, equals: 1️⃣MigrationHub.amazonaws.com}
              b: {type: filter, field: eventSource, any_of: [s3.amazonaws.com, 2️⃣kms, 3️⃣mgh, 4️⃣mgh.amazonaws.com]}
              c: {type: filter, field: eventSource, any_of: [mgh.amazonaws.com, migrationhub.amazonaws.com]}
              d: {type: filter, field: eventSource, equals: partner.example.com}
              e: {type: filter, field: eventSource, equals: mgh.amazonaws.com, not: true}
              f: {type: filter, field: eventSource, equals: 5️⃣mgh.amazonaws.com}
            """,
            "did you mean 'migrationhub.amazonaws.com'?",
            "did you mean 'kms.amazonaws.com'?",
            "did you mean 'migrationhub.amazonaws.com'?",
            "this filter usually keeps no call of Migration Hub: Migration Hub's calls have the eventSource "
                + "'migrationhub.amazonaws.com'",
            "this filter usually keeps nothing: Migration Hub's calls have the eventSource 'migrationhub.amazonaws.com'"
        ),
        Case(
            "of regions",
            """
            transforms:
              a: {type: filter, field: awsRegion, equals: 1️⃣US-EAST-1}
              b: {type: filter, field: awsRegion, any_of: [2️⃣eu_west_1, 3️⃣us-east1, 4️⃣us-east-1a]}
              c: {type: filter, field: awsRegion, any_of: [us-gov-west-1, us-iso-east-1, ap-southeast-9, global]}
            """,
            "did you mean 'us-east-1'?",
            "did you mean 'eu-west-1'?",
            "did you mean 'us-east-1'?",
            "did you mean 'us-east-1'?"
        ),
        Case(
            "of accounts",
            """
            transforms:
              a: {type: filter, field: recipientAccountId, any_of: [111122223333, 1️⃣11122223333, 2️⃣1111-2222-3333, '7']}
              b: {type: filter, where: userIdentity.accountId == 3️⃣"11122223333"}
            """,
            "did you mean '011122223333'?",
            "did you mean '111122223333'?",
            "did you mean '011122223333'?"
        ),
        Case(
            "of a column that hides the field",
            """
            transforms:
              w: {type: identity, as: 1️⃣awsRegion}
              a: {type: filter, field: awsRegion, equals: 2️⃣US-EAST-1}
            """,
            "'as: awsRegion' hides the record's own 'awsRegion' from later stages and from what sinks write",
            "'awsRegion' is an object, and never the text 'US-EAST-1'"
        ),
    ]

    /// Columns that take each other's place, or look like paths.
    static let columns = [
        Case(
            "two of one name",
            """
            transforms:
              a: {type: identity, as: x}
              1️⃣b: {type: migration_hub, as: x}
              c: {type: identity, as: y}
              2️⃣d: {type: identity, as: y}
            """,
            "transform 'b' replaces 'x', which transform 'a' on line 3 has added",
            "transform 'd' replaces 'y', which transform 'c' on line 5 has added"
        ),
        Case(
            "two of one name in two branches",
            """
            transforms:
              a: {type: identity, inputs: s}
              b: {type: identity, inputs: s}
            sinks:
              o: {type: csv, path: '-', inputs: a}
              p: {type: csv, path: x.csv, inputs: b}
            """
        ),
        Case(
            "with a dot",
            """
            transforms:
              a: {type: identity, as: 1️⃣who.x}
              b: {type: filter, field: '"who.x".kind', exists: true}
            """,
            "'as: who.x' is one key, which field paths write in double quotes: \"who.x\""
        ),
    ]

    /// Elements of lists, each said at its own place.
    static let elements = [
        Case(
            "a column twice",
            "sinks: {o: {type: csv, path: '-', columns: [eventTime, eventName, 1️⃣eventTime]}}",
            "error: 'columns' names 'eventTime' twice"
        ),
        Case(
            "two columns of one name",
            "sinks: {o: {type: csv, path: '-', columns: [userIdentity.arn, 1️⃣userIdentity_arn]}}",
            "error: 'columns' names 'userIdentity.arn' and 'userIdentity_arn', which would be the same column "
                + "'userIdentity_arn'"
        ),
        Case(
            "an index of no column",
            "sinks: {o: {type: sqlite, path: x.db, columns: [eventTime, eventName], indexes: [eventTime, 1️⃣eventname]}}",
            "error: did you mean 'eventName'?"
        ),
        Case(
            "an index of a field that is no column",
            "sinks: {o: {type: sqlite, path: x.db, columns: [eventTime], indexes: [1️⃣eventName]}}",
            "error: add it to 'columns'"
        ),
        Case(
            "an index twice",
            "sinks: {o: {type: sqlite, path: x.db, columns: [eventTime], indexes: [eventTime, 1️⃣eventTime]}}",
            "error: 'indexes' names 'eventTime' twice"
        ),
        Case(
            "a service",
            "transforms: {h: {type: migration_hub, services: [config, 1️⃣mgh]}}",
            "error: did you mean 'migrationhub'?"
        ),
        Case(
            "an action",
            "transforms: {h: {type: migration_hub, actions: [ImportMigrationTask, 1️⃣ImportMigrationTsk]}}",
            "'actions' has 'ImportMigrationTsk', which is no known action of the Migration Hub family; "
                + "did you mean 'ImportMigrationTask'?"
        ),
    ]
}
