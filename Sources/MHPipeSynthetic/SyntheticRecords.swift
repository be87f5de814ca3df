/// The events of a made-up file, one after the other.
///
/// Calls come in runs, of the same caller, of the same kind and on the same bucket or role, as they do in real trails;
/// that is also what makes trail files compress as well as they do.
struct SyntheticRecords {
    private let file: SyntheticFile
    private let account: SyntheticAccount
    private var random: SyntheticRandom
    private var event: SyntheticEvent
    private var lastCaller: Principal?
    private var lastCall: CallTemplate?
    private var hubEventsLeft: Int

    /// The events written so far.
    private(set) var written = 0

    init(_ file: SyntheticFile) {
        self.file = file
        account = file.trail.accounts[file.account]
        random = SyntheticRandom(seed: file.trail.seed, purpose: 3, number: file.content)
        event = SyntheticEvent(account: account, region: file.trail.regions[file.region], slot: file.slot)
        hubEventsLeft = file.hubEvents
    }

    var isEmpty: Bool { written == file.events }

    /// Appends the next event; false when there is none.
    mutating func writeNext(into text: inout [UInt8]) -> Bool {
        guard !isEmpty else { return false }
        let call = nextCall()
        let caller = caller(of: call)
        event.begin(caller: caller, at: file.slot - delay(), &random)
        call.write(event, into: &text, &random)
        written += 1
        return true
    }

    private mutating func nextCall() -> CallTemplate {
        if random.below(file.events - written) < hubEventsLeft {
            hubEventsLeft -= 1
            return CallTemplate.ofMigrationHub.pick(&random)
        }
        if let lastCall, random.happens(220) { return lastCall }
        let call = CallTemplate.ofOthers.pick(&random)
        lastCall = call
        return call
    }

    private mutating func caller(of call: CallTemplate) -> Principal {
        guard call.caller == .anyone else { return account.principal(call.caller, &random) }
        if let lastCaller, random.happens(620) { return lastCaller }
        let caller = account.principal(.anyone, &random)
        lastCaller = caller
        return caller
    }

    /// How long before the delivery the call was made, in seconds: minutes as a rule, rarely a day.
    private mutating func delay() -> Int {
        let chance = random.below(1000)
        return random.below(chance < 930 ? 420 : chance < 995 ? 2400 : 90_000)
    }
}
