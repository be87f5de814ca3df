import MHPipeKit

/// The list of resources that an event names, each of them once.
enum ECSResources {
    private typealias Resource = (name: JSONSlice, account: JSONSlice, type: JSONSlice)

    /// Writes the elements; what has more than a name, an account and a type stays unused as well.
    static func write(_ record: PlacedRecord, _ writer: RecordWriter) {
        guard let tokens = record.tokens(.resources), record.cursor.byte(at: tokens.lowerBound) == UInt8(ascii: "[")
        else { return }
        var told: [Resource] = []
        var isComplete = true
        record.cursor.forEachPart(of: tokens.lowerBound) { part in
            let resource = read(part.value, record, &isComplete)
            guard !told.contains(where: { isSame($0, resource) }) else { return }
            told.append(resource)
            writer.object {
                writer.text("arn", resource.name)
                writer.text("account_id", resource.account)
                writer.text("type", resource.type)
            }
        }
        if isComplete { record.use(.resources) }
    }

    private static func read(_ position: Int, _ record: PlacedRecord, _ isComplete: inout Bool) -> Resource {
        var resource = (name: JSONSlice.missing, account: JSONSlice.missing, type: JSONSlice.missing)
        _ = unsafe record.cursor.members(of: position) { key, value in
            let key = unsafe record.reader.column.normalized(JSONSlice(kind: .string, bytes: key))
            let text = record.reader.text(value)
            if key.equals("ARN") {
                resource.name = text
            } else if key.equals("accountId") {
                resource.account = text
            } else if key.equals("type") {
                resource.type = text
            } else if !BlankValues.isBlank(value, record.cursor) {
                isComplete = false
            }
            return record.cursor.skip(value)
        }
        return resource
    }

    private static func isSame(_ left: Resource, _ right: Resource) -> Bool {
        isSame(left.name, right.name) && isSame(left.account, right.account) && isSame(left.type, right.type)
    }

    private static func isSame(_ left: JSONSlice, _ right: JSONSlice) -> Bool {
        left.isPresent ? left.equals(right) : !right.isPresent
    }
}
