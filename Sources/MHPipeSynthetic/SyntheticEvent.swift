/// What the parts of one event have in common: who, where, when, on what.
///
/// Kept for a file and begun anew for each event.
struct SyntheticEvent {
    let account: SyntheticAccount
    let region: String
    /// The time at which the file was delivered, as in names of files.
    let slot: String
    private(set) var caller: Principal
    private(set) var time = TrailTime(0)
    private(set) var bucket = ""
    private(set) var role = ""
    private(set) var application = ""
    /// Sixteen characters as in ids of S3 requests and of access keys.
    private(set) var unique: [UInt8] = []
    /// 128 hex digits, from which ids are cut, so that one that stands twice in an event is the same.
    private(set) var digits: [UInt8] = Array(repeating: 0, count: 128)
    /// The same as `digits`, as eight words.
    private(set) var words: [UInt64] = Array(repeating: 0, count: 8)
    /// What chooses bucket, role and application; kept from event to event more often than not.
    private var topic: UInt64?

    private static let hexDigits = Array("0123456789abcdef".utf8)
    private static let upperCase = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345".utf8)

    init(account: SyntheticAccount, region: String, slot: Int) {
        self.account = account
        self.region = region
        self.slot = TrailTime(slot).compact
        caller = Principal.service("cloudtrail")
    }

    mutating func begin(caller: Principal, at seconds: Int, _ random: inout SyntheticRandom) {
        self.caller = caller
        time = TrailTime(seconds)
        for word in words.indices {
            let value = random.next()
            words[word] = value
            for digit in 0..<16 {
                digits[word * 16 + digit] = Self.hexDigits[Int(value >> UInt64(60 - digit * 4) & 15)]
            }
        }
        var topic = random.next()
        if let last = self.topic, random.happens(600) { topic = last }
        self.topic = topic
        bucket = account.buckets[Int(topic & 0xFF) % account.buckets.count]
        role = account.roles[Int(topic >> 8 & 0xFF) % account.roles.count]
        application = SyntheticNames.applications[Int(topic >> 16 & 0xFF) % SyntheticNames.applications.count]
        let letters = random.next()
        let more = random.next()
        unique.removeAll(keepingCapacity: true)
        for place in 0..<16 {
            let bits = place < 8 ? letters >> UInt64(place * 5) : more >> UInt64(place * 4)
            unique.append(Self.upperCase[Int(bits & 31)])
        }
    }

    /// A number below a bound that is the same wherever in the event it is asked for.
    func number(_ word: Int, below bound: Int) -> Int {
        Int(words[word].multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// One of some elements, the same wherever in the event it is asked for.
    func pick<Element>(_ word: Int, _ elements: [Element]) -> Element {
        elements[number(word, below: elements.count)]
    }

    /// Writes digits with hyphens between groups of 8, 4, 4, 4 and 12.
    func writeUUID(from start: Int, into text: inout [UInt8]) {
        var position = start
        for (index, count) in [8, 4, 4, 4, 12].enumerated() {
            if index > 0 { text.append(UInt8(ascii: "-")) }
            text.append(contentsOf: digits[position..<position + count])
            position += count
        }
    }
}
