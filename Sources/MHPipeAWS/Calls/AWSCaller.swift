import Dispatch
import MHPipeIO
package import MHPipeKit

/// Makes calls of services of AWS: signs, sends, and makes them again where that may help.
///
/// Any thread may call it. What it does between requests runs on one serial queue, in the order of the answers; of a quick
/// request, as most are, what goes well is done on the thread that asks and on that of the client, without any change of threads.
package final class AWSCaller: Sendable {
    package typealias Completion = @Sendable (Result<HTTPResponse, AWSFailure>) -> Void

    /// How calls are made again.
    package struct Policy: Sendable {
        /// How often a request is sent at most.
        package var attempts = 10
        /// The most that is waited before the second attempt; twice as much before each further one.
        package var firstPause: Duration = .milliseconds(100)
        /// The most that is ever waited.
        package var longestPause: Duration = .seconds(20)

        package init() {}
    }

    private struct State {
        var budget = RetryBudget()
        var retries = 0
        /// How many calls have succeeded.
        var successes = 0
        /// True once anybody has answered at all.
        var hasAnswer = false
    }

    private let http: HTTPClient
    private let signature: SignatureV4
    private let credentials: CredentialStore?
    private let policy: Policy
    private let stop: RunStop
    private let clock: ServerClock
    private let state = Locked(State())
    private let queue = DispatchQueue(label: "mhpipe.aws", qos: .userInitiated)

    /// - Parameters:
    ///   - http: What sends requests.
    ///   - credentials: Nil to sign nothing.
    ///   - policy: How calls are made again.
    ///   - clock: The time.
    ///   - stop: Ends all calls.
    /// - Throws: `StageError` when there is nothing to hash with.
    package init(
        _ http: HTTPClient,
        _ credentials: CredentialStore?,
        policy: Policy = Policy(),
        clock: ServerClock = ServerClock(),
        stop: RunStop = RunStop()
    ) throws {
        self.clock = clock
        self.http = http
        self.credentials = credentials
        self.policy = policy
        self.stop = stop
        signature = try SignatureV4()
    }

    /// Makes calls that no one has to sign, a few times only.
    package convenience init(unsigned http: HTTPClient, stop: RunStop) throws {
        var policy = Policy()
        policy.attempts = 5
        try self.init(http, nil, policy: policy, stop: stop)
    }

    /// How many requests were sent again so far.
    package var retries: Int { state.withLock { $0.retries } }

    /// Makes a call.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - isWhole: False for an answer that looks well but is not what was asked for, and is asked for again.
    ///   - completion: Called once, on the caller's queue or the client's thread, where it must not wait.
    package func call(
        _ request: AWSRequest,
        isWhole: @escaping @Sendable (HTTPResponse) -> Bool = { _ in true },
        _ completion: @escaping Completion
    ) {
        let call = Call(request: request, isWhole: isWhole, completion: completion)
        call.successesBefore = state.withLock { $0.successes }
        if sendsAtOnce(call) { return }
        queue.async { self.send(call) }
    }

    /// Makes a call and waits for the answer; not from a completion.
    package func call(_ request: AWSRequest) throws(AWSFailure) -> HTTPResponse {
        let answer = Awaited<Result<HTTPResponse, AWSFailure>>()
        call(request) { answer.put($0) }
        guard let result = answer.wait(stop) else { throw AWSFailure(cause: .stopped, host: request.endpoint.host) }
        return try result.get()
    }

    /// One call, from its first request to its last.
    private final class Call: @unchecked Sendable /* one thread at a time has it */ {
        let request: AWSRequest
        let isWhole: @Sendable (HTTPResponse) -> Bool
        let completion: Completion
        var attempts = 0
        var used: AWSCredentials?
        /// How far the clock was set forward that it was signed by.
        var skew = Duration.zero
        /// How many calls had succeeded when this one began.
        var successesBefore = 0
        /// Those that were refused as ended.
        var refused: AWSCredentials?
        /// What came before the answer broke, and is not asked for again.
        var part: HTTPResponse?

        init(
            request: AWSRequest,
            isWhole: @escaping @Sendable (HTTPResponse) -> Bool,
            completion: @escaping Completion
        ) {
            self.request = request
            self.isWhole = isWhole
            self.completion = completion
        }
    }

    private func send(_ call: Call) {
        guard !stop.isRaised else { return end(call, .stopped) }
        do {
            let used = try call.request.scope == nil ? nil : credentials?.credentials(insteadOf: call.refused)
            try send(call, signedWith: used)
        } catch {
            end(call, .noCredentials(StageError(wrapping: error)))
        }
    }

    /// Sends a quick request on the thread that asks; false where credentials would have to be waited for.
    private func sendsAtOnce(_ call: Call) -> Bool {
        guard call.request.isQuick, !stop.isRaised else { return false }
        var known: AWSCredentials?
        if call.request.scope != nil, let credentials {
            known = credentials.known
            guard known != nil else { return false }
        }
        return (try? send(call, signedWith: known)) != nil
    }

    private func send(_ call: Call, signedWith credentials: AWSCredentials?) throws {
        call.used = credentials
        call.skew = clock.skew
        let time = Timestamp.now.advanced(by: call.skew)
        let sent = try signature.signed(call.request.resuming(call.part), credentials, at: time)
        call.attempts += 1
        http.send(sent) { [self] result in
            if call.request.isQuick, case .success(let response) = result, response.isSuccess,
                ends(call, response) == nil
            {
                return
            }
            queue.async { self.judge(result, call) }
        }
    }

    /// Ends a call that has succeeded; else why it has not.
    private func ends(_ call: Call, _ response: HTTPResponse) -> AWSFailure.Cause? {
        // The rest may not be of what came before.
        guard let whole = response.completing(call.part) else {
            return .mismatch("the rest of the answer does not fit what came before")
        }
        guard call.isWhole(whole) else { return .mismatch("the answer is not what was asked for") }
        state.withLock { state in
            state.hasAnswer = true
            state.successes += 1
        }
        call.completion(.success(whole))
        return nil
    }

    private func judge(_ result: Result<HTTPResponse, HTTPFailure>, _ call: Call) {
        if case .success = result { state.withLock { $0.hasAnswer = true } }
        switch result {
        case .success(let response) where response.isSuccess && !(call.request.mayRefuseInBody && response.isError):
            guard let cause = ends(call, response) else { return }
            call.part = nil
            again(call, cause)
        case .success(let response):
            let refusal = AWSRefusal(response)
            if refusal.isOfClock, adoptClock(of: response, call) { return again(call, .refused(refusal), atOnce: true) }
            if refusal.isOfExpiry, call.refused == nil, let used = call.used {
                call.refused = used
                return again(call, .refused(refusal), atOnce: true)
            }
            if refusal.mayPass {
                return again(call, .refused(refusal), notBefore: response["retry-after"].flatMap { Int($0) })
            }
            if refusal.status == 412 || refusal.status == 416, call.part != nil {
                call.part = nil
                return again(call, .refused(refusal))
            }
            end(call, .refused(refusal))
        case .failure(let failure):
            if stop.isRaised { return end(call, .stopped) }
            if failure.kind == .tooLong { return end(call, .mismatch(failure.description)) }
            guard failure.mayPass else { return end(call, .connection(failure)) }
            if let part = failure.part, call.request.canResume, part.isSuccess {
                call.part = part.joined(to: call.part) ?? call.part
            }
            again(call, .connection(failure))
        }
    }

    private func again(_ call: Call, _ cause: AWSFailure.Cause, notBefore: Int? = nil, atOnce: Bool = false) {
        // A server that never was there is most likely a mistake in its address.
        let most = min(
            call.request.mostAttempts ?? .max,
            state.withLock { $0.hasAnswer } ? policy.attempts : min(policy.attempts, Self.attemptsOfNobody)
        )
        guard call.attempts < most else { return end(call, cause) }
        let share = state.withLock { state in
            state.retries += 1
            return state.budget.take(at: .now)
        }
        var pause = share
        if !atOnce {
            let most = min(policy.longestPause, policy.firstPause * (1 << min(call.attempts - 1, 16)))
            // Full jitter: those that failed together do not come again together.
            pause += .nanoseconds(Int64.random(in: 0...max(0, Int64(most / .nanoseconds(1)))))
            pause = max(pause, .seconds(min(notBefore ?? 0, 60)))
        }
        wait(until: .now() + pause.dispatchInterval, call)
    }

    /// Looks now and then whether anybody waits.
    private func wait(until moment: DispatchTime, _ call: Call) {
        guard !stop.isRaised, .now() < moment else { return send(call) }
        queue.asyncAfter(deadline: min(moment, .now() + .milliseconds(200))) { self.wait(until: moment, call) }
    }

    private static let attemptsOfNobody = 5

    private func end(_ call: Call, _ cause: AWSFailure.Cause) {
        var failure = AWSFailure(cause: cause, host: call.request.endpoint.host, attempts: call.attempts)
        failure.isOfOne = state.withLock { $0.successes } > call.successesBefore
        call.completion(.failure(failure))
    }

    /// Takes over the time of a server; false when that is what the call was signed with, whatever others have learned since.
    private func adoptClock(of response: HTTPResponse, _ call: Call) -> Bool {
        guard let time = response["date"].flatMap({ Timestamp(httpDate: $0) }) else { return false }
        return clock.adopt(time, of: call.request.endpoint.host, insteadOf: call.skew)
    }
}
