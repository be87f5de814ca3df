/// Where fields are added: above a stage, and on the ways that lead to it.
extension FieldCheckTests {
    static let orders = [
        Case(
            "above the stage that adds it",
            """
            transforms:
              f: {type: filter, field: 1️⃣identity.kind, exists: true}
              who: {type: identity}
            """,
            "error: not there yet"
        ),
        Case(
            "above by its name of another kind",
            """
            transforms:
              f: {type: filter, field: 1️⃣caller.kind, exists: true}
              who: {type: identity, as: caller}
            """,
            "error: not there yet"
        ),
        Case(
            "the whole object, several stages above",
            """
            transforms:
              f: {type: filter, field: 1️⃣migration, exists: true}
              g: {type: filter, field: eventName, exists: true}
              hub: {type: migration_hub}
              who: {type: identity}
            """,
            "error: not there yet"
        ),
        Case(
            "above in the file, below in the graph",
            """
            transforms:
              f: {type: filter, field: identity.kind, exists: true, inputs: who}
              who: {type: identity, inputs: s}
            sinks: {o: {type: csv, path: '-', inputs: f}}
            """
        ),
        Case(
            "below in the file, above in the graph",
            """
            transforms:
              who: {type: identity, inputs: f}
              f: {type: filter, field: 1️⃣identity.kind, exists: true, inputs: s}
            sinks: {o: {type: csv, path: '-', inputs: who}}
            """,
            "error: not there yet"
        ),
        Case(
            "no stage adds it",
            "sinks: {o: {type: csv, path: '-', columns: [eventTime, 1️⃣identity.kind, identity.actor, 2️⃣migration.task]}}",
            "no stage above adds 'identity', so 'identity.kind' is missing unless the events have it already",
            "no stage above adds 'migration', so 'migration.task' is missing unless the events have it already"
        ),
        Case(
            "no stage adds it, and it is misspelt",
            "sinks: {o: {type: csv, path: '-', columns: [identity.1️⃣knd]}}",
            "did you mean 'kind'?"
        ),
        Case(
            "behind exec",
            """
            transforms:
              e: {type: exec, command: [cat]}
              f: {type: filter, field: eventsource, exists: true}
              g: {type: filter, field: identity.knd, equals: Root}
              who: {type: identity}
            """
        ),
        Case(
            "before exec",
            """
            transforms:
              f: {type: filter, field: 1️⃣eventsource, exists: true}
              e: {type: exec, command: [cat]}
            """,
            "error: did you mean 'eventSource'?"
        ),
        Case(
            "behind a source that is a program",
            """
            sources: {s: {type: exec, command: [cat]}}
            transforms: {f: {type: filter, field: eventsource, exists: true}}
            """
        ),
        Case(
            "behind a plugin that does not say what it adds",
            """
            transforms:
              u: {type: undeclared}
              f: {type: filter, field: team, exists: true}
            """
        ),
    ]

    static let branches = [
        Case(
            "in another branch",
            """
            transforms:
              who: {type: identity, inputs: s}
              f: {type: filter, field: 1️⃣identity.kind, equals: root, inputs: s}
            sinks:
              o: {type: csv, path: '-', inputs: who}
              p: {type: csv, path: x.csv, inputs: f, columns: [2️⃣identity.actor, identity.kind]}
            """,
            "'identity.kind' is added by transform 'who' on line 3, whose events transform 'f' does not take",
            "'identity.actor' is added by transform 'who' on line 3, whose events sink 'p' does not take"
        ),
        Case(
            "where branches meet",
            """
            transforms:
              who: {type: identity, inputs: s}
              hub: {type: migration_hub, inputs: s}
            sinks: {o: {type: csv, path: '-', inputs: [who, hub], columns: [identity.kind, migration.task, 1️⃣geo.city]}}
            """,
            "no CloudTrail record has a field 'geo', as far as mhpipe knows"
        ),
        Case(
            "one branch behind exec",
            """
            transforms:
              e: {type: exec, command: [cat], inputs: s}
              g: {type: filter, field: eventName, exists: true, inputs: s}
            sinks:
              o: {type: csv, path: '-', inputs: e, columns: [eventsource]}
              p: {type: csv, path: x.csv, inputs: g, columns: [1️⃣eventsource]}
              q: {type: csv, path: y.csv, inputs: [e, g], columns: [eventsource]}
            """,
            "error: did you mean 'eventSource'?"
        ),
        Case(
            "the same transform in two branches, under two names",
            """
            transforms:
              who: {type: identity, inputs: s}
              caller: {type: identity, as: caller, inputs: s}
            sinks:
              o: {type: csv, path: '-', inputs: who, columns: [identity.kind, 1️⃣caller.kind]}
              p: {type: csv, path: x.csv, inputs: caller, columns: [2️⃣identity.kind, caller.kind]}
            """,
            "'caller.kind' is added by transform 'caller' on line 4, whose events sink 'o' does not take",
            "'identity.kind' is added by transform 'who' on line 3, whose events sink 'p' does not take"
        ),
    ]
}
