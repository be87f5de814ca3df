import MHPipeKit

/// Writes the event of one record as Elastic's integration for AWS (data stream `cloudtrail`) maps it.
struct ECSEvent {
    private let blanks: BlankValues
    private var mapText: JavaMapText

    /// - Parameter blanks: What is blank in the record that is written; read anew for each.
    init(_ blanks: BlankValues) {
        self.blanks = blanks
        mapText = JavaMapText(blanks)
    }

    /// Writes the members of the event.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - time: When it was.
    ///   - writer: Takes the members.
    mutating func write(_ record: PlacedRecord, at time: Timestamp, _ writer: RecordWriter) {
        writer.text("@timestamp", time.isoText)
        writer.object("ecs") { writer.text("version", "8.11.0") }
        writeEvent(record, writer)
        writer.object("cloud") {
            writer.object("account") { Self.keyword("id", .callerAccount, record, writer) }
            Self.keyword("region", .awsRegion, record, writer)
        }
        writePeople(record, writer)
        Self.writeSource(record, writer)
        writer.object("user_agent") { Self.keyword("original", .userAgent, record, writer) }
        Self.writeTLS(record, writer)
        writer.object("aws") {
            writer.object("cloudtrail") {
                writeTrail(record, writer)
                writeTrees(record, writer)
            }
        }
    }

    private func writeEvent(_ record: PlacedRecord, _ writer: RecordWriter) {
        let action = record.take(.eventName)
        writer.object("event") {
            writer.text("kind", "event")
            writer.text("action", action)
            Self.keyword("provider", .eventSource, record, writer)
            if record.position(.eventID) > 0 {
                Self.keyword("id", .eventID, record, writer)
            } else {
                Self.keyword("id", .eventId, record, writer)
            }
            ECSCategory.write(action, writer)
            writer.text("outcome", outcome(action, record))
        }
    }

    /// Without an error a call is a success; a sign-in says how it ended.
    private func outcome(_ action: JSONSlice, _ record: PlacedRecord) -> StaticString {
        let answer = action.equals("ConsoleLogin") ? record.text(.consoleLogin) : .missing
        if answer.equals("Failure") { return "failure" }
        if answer.equals("Success") { return "success" }
        let hasFailed = [RecordField.errorCode, .errorMessage].contains { field in
            let position = record.position(field)
            return position > 0 && !blanks.isBlank(position)
        }
        return hasFailed ? "failure" : "success"
    }

    private func writePeople(_ record: PlacedRecord, _ writer: RecordWriter) {
        let name = record.take(.callerName)
        let target = record.text(.askedUser)
        let newName = record.text(.askedNewUser)
        writer.object("user") {
            writer.text("name", name.isPresent ? name : record.take(.issuerName))
            Self.keyword("id", .callerID, record, writer)
            writer.object("target") {
                writer.text("id", record.text(.madeUserID))
                writer.text("name", target)
            }
            writer.object("changes") { writer.text("name", newName) }
        }
        writer.object("group") {
            writer.text("id", record.text(.madeGroupID))
            writer.text("name", record.text(.askedGroup))
        }
        writer.object("related") {
            writer.list("user") {
                var told: [JSONSlice] = []
                for user in [name, target, newName] where !told.contains(where: { $0.equals(user) }) {
                    writer.element(user)
                    told.append(user)
                }
            }
        }
    }

    private static func writeSource(_ record: PlacedRecord, _ writer: RecordWriter) {
        let address = record.take(.sourceIPAddress)
        writer.object("source") {
            writer.text("address", address)
            if CallSource(address) == .ip { writer.text("ip", address) }
        }
    }

    private static func writeTLS(_ record: PlacedRecord, _ writer: RecordWriter) {
        let version = record.text(.tlsVersion)
        writer.object("tls") {
            // `TLSv1.3` is a protocol and its version; whatever else there is has no place.
            let number = version.hasPrefix("TLSv") ? version.dropFirst(4) : .missing
            if unsafe !number.bytes.isEmpty {
                record.use(.tlsVersion)
                writer.text("version_protocol", "tls")
                writer.text("version", number)
            }
            keyword("cipher", .tlsCipher, record, writer)
            writer.object("client") { keyword("server_name", .tlsHost, record, writer) }
        }
    }

    private func writeTrail(_ record: PlacedRecord, _ writer: RecordWriter) {
        Self.keyword("event_version", .eventVersion, record, writer)
        Self.keyword("event_type", .eventType, record, writer)
        Self.keyword("event_category", .eventCategory, record, writer)
        Self.keyword("error_code", .errorCode, record, writer)
        Self.keyword("error_message", .errorMessage, record, writer)
        Self.keyword("request_id", .requestID, record, writer)
        Self.keyword("api_version", .apiVersion, record, writer)
        Self.keyword("management_event", .managementEvent, record, writer)
        if let isReadOnly = record.flag(.readOnly) {
            record.use(.readOnly)
            writer.bool("read_only", isReadOnly)
        }
        Self.keyword("recipient_account_id", .recipientAccountId, record, writer)
        Self.keyword("shared_event_id", .sharedEventID, record, writer)
        Self.keyword("vpc_endpoint_id", .vpcEndpointId, record, writer)
        Self.keyword("session_credential_from_console", .sessionCredentialFromConsole, record, writer)
        writer.object("user_identity") {
            Self.keyword("type", .callerType, record, writer)
            Self.keyword("arn", .callerARN, record, writer)
            Self.keyword("access_key_id", .callerKey, record, writer)
            Self.keyword("invoked_by", .invokedBy, record, writer)
            writer.object("session_context") { Self.writeSession(record, writer) }
        }
        writer.list("resources") { ECSResources.write(record, blanks, writer) }
        if record.text(.eventName).equals("ConsoleLogin") {
            writer.object("console_login") {
                writer.object("additional_eventdata") { Self.writeSignIn(record, writer) }
            }
        }
    }

    private static func writeSession(_ record: PlacedRecord, _ writer: RecordWriter) {
        keyword("mfa_authenticated", .sessionMFA, record, writer)
        if let time = record.time(.sessionCreated) {
            record.use(.sessionCreated, as: time)
            writer.text("creation_date", time.isoText)
        }
        writer.object("session_issuer") {
            keyword("type", .issuerType, record, writer)
            keyword("principal_id", .issuerID, record, writer)
            keyword("arn", .issuerARN, record, writer)
            keyword("account_id", .issuerAccount, record, writer)
        }
    }

    private static func writeSignIn(_ record: PlacedRecord, _ writer: RecordWriter) {
        let (mobile, mfa) = (record.text(.mobileVersion), record.text(.mfaUsed))
        if mobile.isPresent { writer.bool("mobile_version", !mobile.equals("No")) }
        writer.text("login_to", record.text(.loginTo))
        if mfa.isPresent { writer.bool("mfa_used", !mfa.equals("No")) }
    }

    /// What differs from action to action: as a text to search in, and as it stands, for a field of type `flattened`.
    private mutating func writeTrees(_ record: PlacedRecord, _ writer: RecordWriter) {
        for tree in Self.trees { writeText(of: tree, record, writer) }
        writer.object("flattened") {
            for tree in Self.trees {
                guard let position = position(tree.field, record), !isTooLong(position, record.cursor),
                    !isTooDeep(position, record.cursor)
                else { continue }
                writer.value(tree.key) { blanks.write(position, record.cursor, to: $0) }
            }
            if let position = position(.insightDetails, record) {
                record.use(.insightDetails)
                writer.value("insight_details") { blanks.write(position, record.cursor, to: $0) }
            }
        }
    }

    private typealias Tree = (key: StaticString, field: RecordField)

    private static let trees: [Tree] = [
        ("request_parameters", .requestParameters), ("response_elements", .responseElements),
        ("additional_eventdata", .additionalEventData), ("service_event_details", .serviceEventDetails),
    ]

    private mutating func writeText(of tree: Tree, _ record: PlacedRecord, _ writer: RecordWriter) {
        guard let position = position(tree.field, record) else { return }
        record.use(tree.field)
        mapText.read(position, record.cursor)
        writer.text(tree.key, mapText.bytes)
    }

    private func position(_ field: RecordField, _ record: PlacedRecord) -> Int? {
        let position = record.position(field)
        guard position > 0, !blanks.isBlank(position) else { return nil }
        // A field of this type takes objects alone.
        return record.cursor.byte(at: position) == UInt8(ascii: "{") ? position : nil
    }

    /// True for what Elastic's integration has as a text alone, since Lucene takes no longer terms.
    private mutating func isTooLong(_ position: Int, _ cursor: JSONCursor) -> Bool {
        let limit = 32_766
        // A list of digits gets longer, by a space for each, and nothing else does.
        guard unsafe cursor.slice(position).bytes.count * 2 >= limit else { return false }
        mapText.read(position, cursor)
        return mapText.unitCount >= limit
    }

    /// True for what would make the event deeper than what is read, since it stands deeper than it did.
    ///
    /// Its text has all of it, as of what is too long, so the event is kept without the tree; what has no text, as
    /// `insight_details`, stays, and the event is rejected.
    private func isTooDeep(_ position: Int, _ cursor: JSONCursor) -> Bool {
        let most = RecordScanner.maximumDepth - Self.levelsAboveTrees
        guard unsafe cursor.slice(position).bytes.count / 2 > most else { return false }
        return blanks.depth(of: position, cursor) > most
    }

    /// The event, `aws`, `cloudtrail` and `flattened`.
    private static let levelsAboveTrees = 4

    /// Writes a field that is a string, a number or a boolean, as it stands.
    private static func keyword(
        _ key: StaticString,
        _ field: RecordField,
        _ record: PlacedRecord,
        _ writer: RecordWriter
    ) {
        let position = record.position(field)
        guard position > 0 else { return }
        switch record.cursor.byte(at: position) {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"): return
        case UInt8(ascii: "\""): writer.text(key, record.text(field))
        default: writer.copy(key, position..<position + 1)
        }
        record.use(field)
    }
}
