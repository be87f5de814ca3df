/// Values that a field never has, and fields of which nothing is known.
extension FieldCheckTests {
    static let values = [
        Case(
            "of what is added",
            """
            transforms:
              who: {type: identity}
              hub: {type: migration_hub, services: [migrationhub, config]}
              a: {type: filter, field: identity.kind, equals: 1️⃣Root}
              b: {type: filter, field: identity.kind, any_of: [root, 2️⃣IAMUser, 3️⃣'anything']}
              c: {type: filter, field: identity.mfa, equals: 4️⃣yes}
              d: {type: filter, field: migration.service, equals: 5️⃣strategy}
              e: {type: filter, field: migration.service, equals: 6️⃣Config}
              f: {type: filter, field: migration.status, equals: 7️⃣COMPLETE}
              g: {type: filter, field: identity.kind, matches: 8️⃣^Ro, not: true}
              h: {type: filter, field: identity.kind, matches: ^ro}
              i: {type: filter, field: identity.actor, equals: Anybody}
              j: {type: filter, field: migration.action, equals: 9️⃣NotifyMigrationTaskStat}
            """,
            "did you mean 'root'?",
            "did you mean 'iam_user'?",
            "'identity.kind' is never 'anything'",
            "did you mean 'true'?",
            "'migration.service' is never 'strategy'",
            "did you mean 'config'?",
            "did you mean 'COMPLETED'?",
            "'matches' fits no value of 'identity.kind'",
            "did you mean 'NotifyMigrationTaskState'?"
        ),
        Case(
            "of CloudTrail",
            """
            transforms:
              a: {type: filter, field: readOnly, equals: 1️⃣yes}
              b: {type: filter, field: managementEvent, equals: 2️⃣False}
              c: {type: filter, field: userIdentity.type, any_of: [Root, 3️⃣AssumedRoles, 4️⃣iamUser, NewKind]}
              d: {type: filter, field: eventType, equals: 5️⃣AWSApiCall}
              e: {type: filter, field: eventCategory, equals: 6️⃣management}
              f: {type: filter, field: userIdentity.sessionContext.attributes.mfaAuthenticated, equals: 7️⃣1}
              g: {type: filter, field: eventName, equals: anything}
              h: {type: filter, field: readOnly, equals: 8️⃣maybe}
              i: {type: filter, field: requestParameters.readOnly, equals: yes}
              j: {type: filter, field: userIdentity, equals: 9️⃣Root}
              k: {type: filter, field: userIdentity, equals: '{"type":"Root"}'}
            """,
            "did you mean 'true'?",
            "did you mean 'false'?",
            "did you mean 'AssumedRole'?",
            "did you mean 'IAMUser'?",
            "did you mean 'AwsApiCall'?",
            "did you mean 'Management'?",
            "did you mean 'true'?",
            "'readOnly' is never 'maybe'",
            "'userIdentity' is an object, and never the text 'Root'"
        ),
        Case(
            "of a field that no stage adds",
            """
            transforms:
              f: {type: filter, field: 1️⃣identity.kind, equals: 2️⃣Root}
            """,
            "no stage above adds 'identity', so 'identity.kind' is missing unless the events have it already",
            "did you mean 'root'?"
        ),
    ]

    static let unknown = [
        Case(
            filter: "a field like no other",
            "1️⃣costCenter",
            "no CloudTrail record has a field 'costCenter', as far as mhpipe knows"
        ),
        Case(
            filter: "a field like no other below",
            "userIdentity.1️⃣costCenter",
            "'userIdentity' has no field 'costCenter', as far as mhpipe knows"
        ),
        Case(
            "an input that is misspelt",
            """
            transforms:
              who: {type: identity}
            sinks: {o: {type: csv, path: '-', inputs: 1️⃣whoo, columns: [identity.2️⃣knd]}}
            """,
            "error: did you mean 'who'?",
            "did you mean 'kind'?"
        ),
    ]
}
