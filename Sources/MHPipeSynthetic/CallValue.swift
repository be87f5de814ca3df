/// A place in a `CallPattern` that differs from event to event.
enum CallValue: String, CaseIterable, Sendable {
    case account, region, bucket, role, app, env, environment, team, person, slot, caller, day, zone, address
    case logBucket, key, trail, application, server, task, objectKey, requestID, unique, uuid
    case id, id2, id3, hex8, hex12, hex32, number, bigNumber, percent
    case now, date, dateLater, dateBefore, updateTime, milliseconds
    case base64, hostID, sessionToken, userData
    case stream, status, detail, description, policy
    case rules, instances, template, parameters

    func write(_ event: SyntheticEvent, into text: inout [UInt8], _ random: inout SyntheticRandom) {
        switch self {
        case .id: text.append(contentsOf: event.digits[0..<17])
        case .id2: text.append(contentsOf: event.digits[17..<34])
        case .id3: text.append(contentsOf: event.digits[34..<51])
        case .hex8: text.append(contentsOf: event.digits[51..<59])
        case .hex12: text.append(contentsOf: event.digits[59..<71])
        case .hex32: text.append(contentsOf: event.digits[64..<96])
        case .uuid: event.writeUUID(from: 64, into: &text)
        case .requestID: event.writeUUID(from: 32, into: &text)
        case .unique: text.append(contentsOf: event.unique)
        case .now: event.time.writeISO(into: &text)
        case .base64: Self.writeBase64(76, into: &text, &random)
        case .hostID: Self.writeBase64(76, into: &text, &random)
        case .userData: Self.writeBase64(400 + event.number(3, below: 2700), into: &text, &random)
        case .sessionToken:
            text.append(contentsOf: "IQoJb3JpZ2luX2Vj".utf8)
            Self.writeBase64(670 + event.number(4, below: 340), into: &text, &random)
            text.append(contentsOf: #"\u003d"#.utf8)
        case .rules: CallList.writeRules(event, into: &text, &random)
        case .instances: CallList.writeInstances(event, into: &text, &random)
        case .template: CallList.writeTemplate(event, into: &text, &random)
        case .parameters: CallList.writeParameters(event, into: &text, &random)
        default: text.append(contentsOf: string(event, &random).utf8)
        }
    }

    private func string(_ event: SyntheticEvent, _ random: inout SyntheticRandom) -> String {
        let account = event.account
        return switch self {
        case .account: account.id
        case .region: event.region
        case .bucket: event.bucket
        case .role: event.role
        case .app: event.application
        case .env, .environment: event.pick(0, SyntheticNames.environments)
        case .team: event.pick(1, SyntheticNames.teams)
        case .person: event.pick(2, SyntheticNames.people)
        case .slot: event.slot
        case .caller: event.caller.arn.isEmpty ? "arn:aws:iam::\(account.id):user/unknown" : event.caller.arn
        case .day: event.time.dayPath
        case .zone: event.region + event.pick(3, ["a", "b", "c"])
        case .address: "10.\(event.number(0, below: 256)).\(event.number(1, below: 256)).\(event.number(2, below: 256))"
        case .logBucket: account.logBucket
        case .key: event.pick(5, account.keys)
        case .trail: account.trail
        case .application: event.pick(3, account.applications)
        case .server: event.pick(4, account.servers)
        case .task: event.pick(5, account.tasks)
        case .objectKey: objectKey(event)
        case .number: String(event.number(4, below: 4096))
        case .bigNumber: String(event.number(6, below: 65_536))
        case .percent: String(event.number(7, below: 101))
        case .date: event.time.spoken()
        case .dateLater: TrailTime(event.time.seconds + 3600).spoken()
        case .dateBefore: TrailTime(event.time.seconds - 604_800).spoken()
        case .updateTime: TrailTime(event.time.seconds - 3).spoken(space: random.happens(16) ? "\u{202F}" : " ")
        case .milliseconds: String(event.time.seconds * 1000)
        case .stream: MigrationWords.streams.pick(&random)
        case .status: MigrationWords.statuses.pick(&random)
        case .detail: MigrationWords.details.pick(&random)
        case .description: MigrationWords.descriptions.pick(&random)
        case .policy: random.pick(CallList.policies)
        default: ""
        }
    }

    private func objectKey(_ event: SyntheticEvent) -> String {
        let part = String(decoding: event.digits[68..<76], as: UTF8.self)
        return event.number(7, below: 8) < 5
            ? "\(event.application)/\(part.prefix(4))/part-\(part).snappy.parquet"
            : "\(event.application)/report \(part.prefix(4)) (\(event.number(7, below: 16))).csv"
    }

    private static let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func writeBase64(_ count: Int, into text: inout [UInt8], _ random: inout SyntheticRandom) {
        for start in stride(from: 0, to: count, by: 10) {
            var bits = random.next()
            for _ in start..<min(start + 10, count) {
                text.append(base64Digits[Int(bits & 63)])
                bits >>= 6
            }
        }
    }
}
