/// One thing that a transform went by when it kept an event, dropped it, or sent it to a port.
package struct Reason: Sendable, Hashable {
    /// A value that was looked at.
    package struct Reading: Sendable, Hashable {
        /// The field, as conditions write it.
        package var field: String
        /// Its JSON text; nil where the event has no such field.
        package var json: String?

        package init(field: String, json: String?) {
            (self.field, self.json) = (field, json)
        }
    }

    /// A part of a condition as it is written, or what is so in words: lower case, without a full stop.
    package var text: String
    /// Whether that part of a condition holds; nil for words, and where a limit was reached before the answer.
    package var holds: Bool?
    /// True for a part of a condition.
    package var isCondition: Bool
    /// What was looked at.
    package var readings: [Reading]
    /// The port that it is about; nil for all of the stage.
    package var port: String?

    package init(_ text: String, _ readings: [Reading] = []) {
        (self.text, self.readings, isCondition) = (text, readings, false)
    }

    package init(condition: String, holds: Bool?, _ readings: [Reading]) {
        (text, self.holds, self.readings, isCondition) = (condition, holds, readings, true)
    }
}
