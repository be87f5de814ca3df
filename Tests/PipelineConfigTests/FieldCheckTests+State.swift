/// Fields behind transforms with state.
extension FieldCheckTests {
    static let state = [
        Case(
            "keys beside those of identity",
            """
            transforms:
              who: {type: identity}
              origin: {type: resolve_roles}
              f: {type: filter, field: identity.origin, exists: true}
              g: {type: filter, field: identity.actor, exists: true}
              h: {type: filter, field: identity.certainty, equals: certain}

            """
        ),
        Case(
            "keys without identity",
            """
            transforms:
              origin: {type: resolve_roles}
              f: {type: filter, field: identity.chain, exists: true}
              g: {type: filter, field: identity.1️⃣orign, exists: true}

            """,
            "did you mean 'origin'?"
        ),
        Case(
            "identity takes them away",
            """
            transforms:
              origin: {type: resolve_roles}
              1️⃣who: {type: identity}

            """,
            "transform 'who' replaces 'identity', which transform 'origin' on line 3 has added"
        ),
        Case(
            "what aggregate leaves",
            """
            transforms:
              who: {type: identity}
              n: {type: aggregate, by: [identity.actor, awsRegion], first: [eventTime], distinct: [eventName]}
              f: {type: filter, field: identity.actor, exists: true}
              g: {type: filter, field: first.eventTime, exists: true}
              h: {type: filter, field: distinct.eventName, exists: true}
              i: {type: filter, field: count, equals: "1"}
              j: {type: filter, field: 1️⃣eventName, exists: true}

            """,
            "error: not there any more"
        ),
    ]
}
