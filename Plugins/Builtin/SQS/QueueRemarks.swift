/// What became of messages that were not simply read and deleted, for the user.
struct QueueRemarks {
    /// Given up, since they were tried often enough.
    var givenUp = 0
    /// Not read, and still in the queue.
    var kept = 0
    /// Still in the queue, since `until` leaves out what they name, or a part of it.
    var later = 0
    /// Deleted although something that they name was not read.
    var leftOut = 0
    /// Objects that mhpipe has written.
    var outputs = 0
    /// What names no object, by what it is.
    var housekeeping: [String: Int] = [:]

    /// The words for all of it.
    func texts(_ manner: QueueDeliveries.Manner) -> [String] {
        var texts: [String] = []
        if givenUp > 0 {
            texts.append(
                "\(Self.count(givenUp, "message")) could not be read in \(Self.count(manner.tries, "try", "tries")): what they "
                    + "hold or name is in the quarantine, and they are deleted from the queue"
            )
        }
        if kept > 0 {
            let until =
                manner.hasQuarantine
                ? "given up after \(manner.tries)"
                : "never given up, since there is no `quarantine` to keep what they say"
            texts.append(
                "\(Self.count(kept, "message")) could not be read, and come again: they stay in the queue, and are \(until)"
            )
        }
        if later > 0 {
            texts.append(
                "\(Self.count(later, "message")) of files that may hold events behind `until` stay in the queue, and come again"
            )
        }
        if leftOut > 0 {
            texts.append(
                "deleted \(Self.count(leftOut, "message")) of files that were not read: `accounts`, `regions` or `since` leave "
                    + "them out, or they are no logs"
            )
        }
        if outputs > 0 { texts.append(AnnouncedObjects.words(ofOutputs: outputs)) }
        if !housekeeping.isEmpty {
            let parts = housekeeping.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
            texts.append("deleted what names no file: \(parts.joined(separator: ", "))")
        }
        return texts
    }

    static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }
}
