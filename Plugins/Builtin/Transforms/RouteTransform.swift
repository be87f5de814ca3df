import MHPipeConditions
import MHPipeKit

/// Sends events to named ports by conditions; stages take them from there: `inputs: router.errors`.
///
/// With `match: first` an event goes to the first port, in the order of the file, whose condition it meets; with `all` to
/// each of them. What meets none goes to the port that `else` names, and is dropped where there is no `else`.
struct RouteTransform: RoutingTransform, DescribedTransform {
    static let name = "route"
    static let summary = "Sends each event to one or several named ports, by conditions."

    /// Whether an event goes on to further ports.
    enum Match: String, OptionChoice {
        case first, all
    }

    struct Options: PluginOptions {
        var ports = PortConditions()
        var rest: PortName?
        var match = Match.first

        static let all: [Option<Options>] = [
            .required(
                "ports",
                \.ports,
                "The ports, and for each the condition that its events meet.",
                example: "{errors: has(errorCode), root: 'userIdentity.type == \"Root\"'}"
            ),
            .optional("else", \.rest, "The port of the events that meet no condition.", example: "rest"),
            .optional("match", \.match, "The first port whose condition an event meets, or all of them."),
        ]
    }

    private let tests: [(test: ConditionTest, port: String)]
    private let fields: FieldSet
    private let hasRest: Bool
    let isFirstOnly: Bool
    let ports: [(name: String, condition: Condition)]
    /// When the run began.
    let started: Timestamp

    init(_ options: Options, _ context: PluginContext) throws {
        ports = options.ports.list
        started = context.started
        guard !ports.isEmpty else { throw OptionError(option: "ports", "needs at least one port") }
        if let rest = options.rest, let port = ports.first(where: { $0.name == rest.text }) {
            throw OptionError(option: "else", "names the port '\(port.name)', which has a condition of its own")
        }
        var (tests, paths): ([(ConditionTest, String)], [FieldPath]) = ([], [])
        for port in ports {
            tests.append((ConditionTest(port.condition, firstField: paths.count, start: context.started), port.name))
            paths += port.condition.fields
        }
        self.tests = tests
        fields = FieldSet(paths)
        hasRest = options.rest != nil
        isFirstOnly = options.match == .first
    }

    static func ports(_ options: Options) -> [String] {
        options.ports.list.map(\.name) + [options.rest?.text].compactMap(\.self)
    }

    static func adds(_ options: Options) -> [EventField]? { [] }

    static func drops(_ options: Options) -> Bool { options.rest == nil }

    static func fieldChecks(_ options: Options) -> [any FieldChecking] { options.ports.list.map(\.condition) }

    mutating func process(_ batch: EventBatch, into outputs: PortOutputs) {
        var undecided: [Int: String] = [:]
        batch.forEach(fields) { event in
            var isSent = false
            for (number, (test, port)) in tests.enumerated() {
                guard let holds = test.holds(event) else {
                    undecided[event.row] =
                        "the condition of port '\(port)' has a pattern that needs too many steps for this event; simplify it"
                    return
                }
                guard holds else { continue }
                outputs.send(row: event.row, to: number)
                isSent = true
                if isFirstOnly { return }
            }
            if !isSent, hasRest { outputs.send(row: event.row, to: tests.count) }
        }
        batch.reject(rows: undecided)
    }
}
