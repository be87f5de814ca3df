import MHPipeKit

/// The list of resources that an event names, each of them once.
enum ECSResources {
    private struct Resource: Hashable {
        var name = JSONSlice.missing
        var account = JSONSlice.missing
        var type = JSONSlice.missing

        static func == (left: Resource, right: Resource) -> Bool {
            isSame(left.name, right.name) && isSame(left.account, right.account) && isSame(left.type, right.type)
        }

        func hash(into hasher: inout Hasher) {
            for part in [name, account, type] { unsafe hasher.combine(bytes: UnsafeRawBufferPointer(part.bytes)) }
        }

        private static func isSame(_ left: JSONSlice, _ right: JSONSlice) -> Bool {
            left.isPresent ? left.equals(right) : !right.isPresent
        }
    }

    /// Writes the elements; a list in which anything else stands than names, accounts and types stays unused as well.
    static func write(_ record: PlacedRecord, _ blanks: BlankValues, _ writer: RecordWriter) {
        let position = record.position(.resources)
        guard position > 0, record.cursor.byte(at: position) == UInt8(ascii: "[") else { return }
        var told: Set<Resource> = []
        var isComplete = true
        blanks.forEachPart(of: position, record.cursor) { _, element in
            guard !blanks.isBlank(element) else { return }
            let resource = read(element, record, blanks, &isComplete)
            guard told.insert(resource).inserted else { return }
            writer.object {
                writer.text("arn", resource.name)
                writer.text("account_id", resource.account)
                writer.text("type", resource.type)
            }
        }
        if isComplete { record.use(.resources) }
    }

    private static func read(
        _ element: Int,
        _ record: PlacedRecord,
        _ blanks: BlankValues,
        _ isComplete: inout Bool
    ) -> Resource {
        var resource = Resource()
        guard record.cursor.byte(at: element) == UInt8(ascii: "{") else {
            isComplete = false
            return resource
        }
        blanks.forEachPart(of: element, record.cursor) { start, value in
            guard !blanks.isBlank(value) else { return }
            let bytes = unsafe record.cursor.stringBytes(start)
            let key = unsafe record.reader.column.normalized(JSONSlice(kind: .string, bytes: bytes))
            let text = record.reader.text(value)
            // What is no text has no place, and of repeated keys only the last one has.
            isComplete = isComplete && text.isPresent
            if key.equals("ARN") {
                isComplete = isComplete && !resource.name.isPresent
                resource.name = text
            } else if key.equals("accountId") {
                isComplete = isComplete && !resource.account.isPresent
                resource.account = text
            } else if key.equals("type") {
                isComplete = isComplete && !resource.type.isPresent
                resource.type = text
            } else {
                isComplete = false
            }
        }
        return resource
    }
}
