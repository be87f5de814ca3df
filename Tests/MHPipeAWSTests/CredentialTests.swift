import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeAWS

@Suite struct CredentialTests {
    @Test(arguments: [
        ("a b  c", ["a", "b", "c"]), (#"/x/tool --name "a b" 'c "d"'"#, ["/x/tool", "--name", "a b", "c \"d\""]),
        (#"a\ b "c\"d" "e\f""#, ["a b", "c\"d", "e\\f"]), ("''", [""]), ("", []), ("a'b'c", ["abc"]),
        ("$HOME", ["$HOME"]),
    ])
    func splitsCommands(command: String, words: [String]) {
        #expect(CredentialProcess.words(of: command) == words)
    }

    @Test func readsWhatProgramsPrint() throws {
        let text =
            #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"S","SessionToken":"T","Expiration":"2999-01-01T00:00:00Z"}"#
        let found = try CredentialDocument.credentials(Array(text.utf8), "a test")
        #expect(found.accessKey == "A" && found.secretKey == "S" && found.sessionToken == "T")
        #expect(found.expires == Timestamp(rfc3339: "2999-01-01T00:00:00Z"))
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"Version":2,"AccessKeyId":"A","SecretAccessKey":"hidden"}"#, #"{"AccessKeyId":"hidden"}"#,
        #"{"AccessKeyId":"A","SecretAccessKey":"hidden","Expiration":"2001-01-01T00:00:00Z"}"#,
        #"{"AccessKeyId":"A","SecretAccessKey":"hidden","Expiration":"soon"}"#,
        #"{"AccessKeyId":"A","SecretAccessKey":"hidden""#,
    ])
    func refusesWhatIsNone(text: String) {
        let error = #expect(throws: StageError.self) { try CredentialDocument.credentials(Array(text.utf8), "a test") }
        #expect(error?.description.contains("hidden") == false)
    }

    @Test func readsWhatRolesAreGiven() throws {
        let text = """
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
            <AccessKeyId>A</AccessKeyId><SecretAccessKey>S&amp;</SecretAccessKey><SessionToken>T</SessionToken>
            <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
            """
        let found = try #require(SecurityTokenService.credentials(Array(text.utf8), "a test"))
        #expect(found.secretKey == "S&" && found.sessionToken == "T" && found.expires != nil)
        #expect(SecurityTokenService.credentials(Array("<Error/>".utf8), "a test") == nil)
    }

    /// A clock that a test sets, and how often credentials were got.
    private final class World: Sendable {
        let state = Locked((now: Int64(0), loads: 0, fails: false))

        var store: CredentialStore {
            CredentialStore(now: { Timestamp(seconds: self.state.withLock { $0.now }) }) {
                let (now, loads, fails) = self.state.withLock { state in
                    state.loads += 1
                    return state
                }
                if fails { throw StageError("none") }
                return AWSCredentials(
                    accessKey: "\(loads)",
                    secretKey: "",
                    expires: Timestamp(seconds: now + 3600),
                    origin: "a test"
                )
            }
        }
    }

    @Test func areRenewedBeforeTheyEnd() throws {
        let world = World()
        let store = world.store
        for (now, key) in [(0, "1"), (3000, "1"), (3299, "1"), (3301, "2"), (3302, "2"), (6600, "2"), (6602, "3")] {
            world.state.withLock { $0.now = Int64(now) }
            #expect(try store.credentials().accessKey == key, "at \(now)")
        }
    }

    @Test func holdUntilTheyEndWhereThereAreNoOthers() throws {
        let world = World()
        let store = world.store
        _ = try store.credentials()
        world.state.withLock { ($0.now, $0.fails) = (3400, true) }
        #expect(try store.credentials().accessKey == "1")
        world.state.withLock { $0.now = 3500 }
        #expect(try store.credentials().accessKey == "1")
        world.state.withLock { $0.now = 3600 }
        #expect(throws: StageError.self) { try store.credentials() }
    }

    @Test func thoseThatWereRefusedAreNotGivenAgain() throws {
        let store = World().store
        let first = try store.credentials()
        #expect(try store.credentials(insteadOf: first).accessKey == "2")
        #expect(try store.credentials(insteadOf: first).accessKey == "2")
    }
}
