import MHPipeKit

/// Writes the OCSF event of one record.
struct OCSFEvent {
    let version: OCSFVersion
    private var people = OCSFPeople()

    init(_ version: OCSFVersion) {
        self.version = version
    }

    /// Writes the members of the event.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - time: When it was.
    ///   - writer: Takes the members.
    mutating func write(_ record: PlacedRecord, at time: Timestamp, _ writer: RecordWriter) {
        let source = record.text(.eventSource)
        let action = record.text(.eventName)
        let isWrite = CallEffect.isWrite(record.cursor, record.position(.readOnly), action)
        let kind = OCSFKind(source, action, isWrite: isWrite)
        people.read(record)
        let operation = action.or(record.text(.insightAction)).or(record.text(.eventType))

        writeKind(kind, operation, writer)
        writer.number("time", time.milliseconds)
        writer.text("time_dt", time.isoText)
        if let start = record.time(.windowStart), let end = record.time(.windowEnd) {
            record.use(.windowEnd, as: end)
            writer.number("start_time", start.milliseconds)
            writer.number("end_time", end.milliseconds)
        }
        writeMetadata(record, kind, writer)
        writeCloud(record, writer)
        writeOutcome(record, action, writer)
        writeCall(record, operation, writer)
        people.writeActor(record, writer)
        switch kind.class {
        case .apiActivity: writeResources(record, writer)
        case .entityManagement: OCSFEntity.write(record, action, writer)
        case .accountChange, .authentication: writeSubject(record, kind, action, source, writer)
        }
        if kind.class != .entityManagement { writeOrigin(record, isRequired: kind.class == .apiActivity, writer) }
        record.used.writeRest(of: record.start, as: "unmapped", record.cursor, writer)
    }

    private func writeKind(_ kind: OCSFKind, _ operation: JSONSlice, _ writer: RecordWriter) {
        writer.number("category_uid", kind.class.category)
        writer.text("category_name", kind.class.categoryCaption)
        writer.number("class_uid", kind.class.rawValue)
        writer.text("class_name", kind.class.caption)
        writer.number("activity_id", kind.activity)
        if let caption = kind.activityCaption {
            writer.text("activity_name", caption)
        } else {
            writer.text("activity_name", operation)
        }
        writer.number("type_uid", kind.class.rawValue * 100 + kind.activity)
        writer.text("type_name", Self.typeName(kind))
        writer.number("severity_id", 1)
        writer.text("severity", "Informational")
    }

    private static func typeName(_ kind: OCSFKind) -> [UInt8] {
        Array("\(kind.class.caption): \(kind.activityCaption ?? "Other")".utf8)
    }

    private func writeMetadata(_ record: PlacedRecord, _ kind: OCSFKind, _ writer: RecordWriter) {
        writer.object("metadata") {
            writer.text("version", Array(version.rawValue.utf8))
            writer.object("product") {
                writer.text("name", "CloudTrail")
                writer.text("vendor_name", "AWS")
                writer.text("version", record.take(.eventVersion))
                writer.object("feature") { writer.text("name", record.take(.eventCategory)) }
            }
            writer.list("profiles") {
                writer.element("cloud")
                writer.element("datetime")
                // What gives this class its actor.
                if kind.class == .entityManagement { writer.element("host") }
            }
            writer.text("uid", record.take(.eventID).or(record.take(.eventId)))
            writer.text("event_code", record.take(.eventType))
            writer.text("log_provider", "CloudTrail")
            writer.text("correlation_uid", record.take(.sharedEventID))
        }
    }

    private func writeCloud(_ record: PlacedRecord, _ writer: RecordWriter) {
        writer.object("cloud") {
            writer.text("provider", "AWS")
            writer.text("region", record.take(.awsRegion))
            OCSFPeople.writeAccount(record.take(.recipientAccountId).or(record.take(.accountId)), writer)
        }
    }

    private func writeOutcome(_ record: PlacedRecord, _ action: JSONSlice, _ writer: RecordWriter) {
        let code = record.text(.errorCode)
        let message = record.text(.errorMessage)
        let outcome = CallOutcome(
            record.row,
            record.rows,
            record.reader,
            action: action,
            code: code,
            message: message
        )
        switch outcome {
        case .success:
            writer.number("status_id", 1)
            writer.text("status", "Success")
        case .failure:
            writer.number("status_id", 2)
            writer.text("status", "Failure")
        case .dryRun:
            writer.number("status_id", 99)
            writer.text("status", "Dry Run")
        case nil:
            writer.number("status_id", 0)
            writer.text("status", "Unknown")
        }
        writer.text("status_code", code)
        writer.text("status_detail", message)
    }

    private func writeCall(_ record: PlacedRecord, _ operation: JSONSlice, _ writer: RecordWriter) {
        writer.object("api") {
            if operation.isPresent { writer.text("operation", operation) } else { writer.text("operation", "Unknown") }
            if record.text(.eventName).isPresent { record.use(.eventName) }
            writer.text("version", record.take(.apiVersion))
            writer.object("service") { writer.text("name", record.take(.eventSource).or(record.text(.insightSource))) }
            // The schema has no request without a name, so what was asked without one stays unmapped.
            let request = record.take(.requestID)
            if request.isPresent {
                writer.object("request") {
                    writer.text("uid", request)
                    Self.copy(.requestParameters, as: "data", record, writer)
                }
            }
            writer.object("response") {
                writer.text("error", record.take(.errorCode))
                writer.text("message", record.take(.errorMessage))
                Self.copy(.responseElements, as: "data", record, writer)
            }
        }
    }

    private static func copy(
        _ field: RecordField,
        as key: StaticString,
        _ record: PlacedRecord,
        _ writer: RecordWriter
    ) {
        guard let tokens = record.tokens(field) else { return }
        writer.copy(key, tokens)
        record.use(field)
    }

    private func writeSubject(
        _ record: PlacedRecord,
        _ kind: OCSFKind,
        _ action: JSONSlice,
        _ source: JSONSlice,
        _ writer: RecordWriter
    ) {
        people.writeSubject(record, kind, action, writer)
        guard kind.class == .authentication else {
            writer.object("policy") {
                writer.text("name", record.text(.askedPolicy))
                writer.text("uid", record.text(.askedPolicyARN))
            }
            return
        }
        writer.object("service") { writer.text("name", source) }
        writer.object("dst_endpoint") { writer.text("svc_name", record.take(.loginTo)) }
        let used = record.text(.mfaUsed)
        if used.equals("Yes") || used.equals("No") {
            record.use(.mfaUsed)
            writer.bool("is_mfa", used.equals("Yes"))
        }
        if action.equals("AssumeRoleWithSAML") {
            writer.number("auth_protocol_id", 5)
            writer.text("auth_protocol", "SAML")
        } else if action.equals("AssumeRoleWithWebIdentity") {
            writer.number("auth_protocol_id", 4)
            writer.text("auth_protocol", "OpenID")
        }
    }

    /// Where the call came from, and with which program.
    private func writeOrigin(_ record: PlacedRecord, isRequired: Bool, _ writer: RecordWriter) {
        let address = record.text(.sourceIPAddress)
        let endpoint = record.text(.vpcEndpointId)
        writer.object("src_endpoint") {
            if address.isPresent {
                record.use(.sourceIPAddress)
                switch CallSource(address) {
                case .ip: writer.text("ip", address)
                case .service:
                    writer.text("svc_name", address)
                    writer.text("domain", address)
                case .internal: writer.text("svc_name", address)
                case nil: writer.text("name", address)
                }
            } else if isRequired, !endpoint.isPresent {
                writer.text("name", "Unknown")
            }
            writer.text("uid", record.take(.vpcEndpointId))
        }
        writer.object("http_request") { writer.text("user_agent", record.take(.userAgent)) }
    }

    /// The resources that have a name; those that have none, or more than the schema takes, stay unmapped as well.
    private func writeResources(_ record: PlacedRecord, _ writer: RecordWriter) {
        guard let tokens = record.tokens(.resources) else { return }
        let cursor = record.cursor
        // An empty list has no place.
        var isComplete = cursor.byte(at: tokens.lowerBound) == UInt8(ascii: "[") && tokens.count > 2
        writer.list("resources") {
            cursor.forEachPart(of: tokens.lowerBound) { part in
                guard part.element != nil else { return }
                var (name, account, type) = (JSONSlice.missing, JSONSlice.missing, JSONSlice.missing)
                _ = unsafe cursor.members(of: part.value) { key, value in
                    let key = unsafe record.reader.column.normalized(JSONSlice(kind: .string, bytes: key))
                    let text = record.text(at: value)
                    // Of repeated keys the last has a place.
                    if key.equals("ARN") {
                        if name.isPresent { isComplete = false }
                        name = text
                    } else if key.equals("accountId") {
                        if account.isPresent { isComplete = false }
                        account = text
                    } else if key.equals("type") {
                        if type.isPresent { isComplete = false }
                        type = text
                    } else {
                        isComplete = false
                    }
                    if !text.isPresent { isComplete = false }
                    return cursor.skip(value)
                }
                guard name.isPresent else {
                    isComplete = false
                    return
                }
                writer.object {
                    writer.text("uid", name)
                    writer.text("type", type)
                    writer.object("owner") { OCSFPeople.writeAccount(account, writer) }
                }
            }
        }
        if isComplete { record.use(.resources) }
    }
}
