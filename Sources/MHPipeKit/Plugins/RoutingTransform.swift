/// A transform with named outputs, its *ports*: each event goes to one of them, to several, or to none.
///
/// Stages behind it name the port they take events from: `inputs: router.errors`. Like `Transform`, every worker has an
/// instance, and what it does with an event must not depend on others.
public protocol RoutingTransform: TransformPlugin {
    /// The names of the ports, for one stage.
    ///
    /// Called while a pipeline is checked, and for every instance.
    ///
    /// - Parameter options: The stage's options.
    /// - Returns: Names as stages have them, each once; at least one.
    static func ports(_ options: Options) -> [String]

    /// Sends the events of one batch on their ways.
    ///
    /// What is added to the batch goes to all ports. An event that is sent to no port, and does not leave the batch by
    /// `keep` or `reject`, counts as filtered.
    ///
    /// - Parameters:
    ///   - batch: The events.
    ///   - outputs: The ports, numbered as `ports` names them.
    /// - Throws: Anything: it ends the run.
    mutating func process(_ batch: EventBatch, into outputs: PortOutputs) throws
}

/// The ports of a routing transform.
///
/// Used inside the call it is handed to.
public final class PortOutputs {
    /// For each port the rows that were sent to it, in rising order.
    private var rows: [[Int]]

    package init(ports: Int) {
        rows = Array(repeating: [], count: ports)
    }

    /// Sends an event to a port; it keeps its place among the events there.
    ///
    /// - Parameters:
    ///   - row: The event's row in the batch.
    ///   - port: The number of the port. Sending an event there again changes nothing.
    public func send(row: Int, to port: Int) {
        guard let last = rows[port].last, last >= row else { return rows[port].append(row) }
        let place = rows[port].firstIndex { $0 >= row } ?? rows[port].count
        if rows[port][place] != row { rows[port].insert(row, at: place) }
    }

    /// Sends an event to a port; like `send(row:to:)`.
    ///
    /// - Parameters:
    ///   - event: An event of the batch.
    ///   - port: The number of the port.
    public func send(_ event: Event, to port: Int) { send(row: event.row, to: port) }

    /// The batches of the ports, numbered as these are; begins anew.
    package func take(of batch: EventBatch) -> [EventBatch] {
        let selected = Set(batch.selection)
        defer { for port in rows.indices { rows[port].removeAll(keepingCapacity: true) } }
        return rows.map { rows in batch.fork(selecting: rows.filter(selected.contains)) }
    }
}
