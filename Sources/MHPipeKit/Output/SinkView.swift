/// What a sink would write of one event.
package struct SinkView: Sendable {
    /// A column of a table, and what stands in it.
    package struct Cell: Sendable {
        package let column: String
        /// The text of the cell; nil where it is empty, or NULL.
        package let text: String?

        package init(column: String, text: String?) {
            (self.column, self.text) = (column, text)
        }
    }

    /// Where it goes: the path of the event's own file.
    package var path: String
    /// The line, where it is one of JSON.
    package var line: String?
    /// The cells, where it is a row.
    package var cells: [Cell]
    /// Why it cannot be written, where that is so.
    package var refusal: String?

    package init(path: String, line: String? = nil, cells: [Cell] = [], refusal: String? = nil) {
        (self.path, self.line, self.cells, self.refusal) = (path, line, cells, refusal)
    }
}

/// A sink that can show what it would write of an event, without being opened.
package protocol ViewingSink: Sink {
    /// What is written of an event.
    ///
    /// Called on the queue of a worker or an ordered stage, one call at a time, on a sink that nobody opens.
    ///
    /// - Parameter event: The event.
    /// - Returns: What would be written.
    func view(of event: Event) -> SinkView
}

extension PathTemplate {
    /// The path of an event's file.
    package func path(of event: Event) -> String {
        if let file { return file }
        var path = Array((folder == "." || folder.isEmpty ? "" : folder + "/").utf8)
        event.alone.forEach(FieldSet(fieldPaths)) { append($0, to: &path) }
        return String(decoding: path, as: UTF8.self)
    }
}

extension Event {
    /// A batch of the event alone, over the same memory.
    package var alone: EventBatch { batch.fork(selecting: [row]) }
}
