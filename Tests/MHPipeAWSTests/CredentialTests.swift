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

    @Test(arguments: [
        "http://127.0.0.1/x", "http://127.1.2.3:80/x", "http://localhost/x", "http://localhost:8080/x",
        "http://[::1]:80/",
        "http://169.254.170.2/v2", "http://169.254.170.23/v1", "http://[fd00:ec2::23]/v1", "https://example.com/x",
    ])
    func tokensOfContainersGoTo(url: String) throws {
        #expect(try MachineCredentials.containerURL(AWSEnvironment(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url])) == url)
    }

    @Test(arguments: [
        "http://127.0.0.1.evil.com/", "http://127.evil.0.0.1/", "http://a.127.0.0.1/", "http://0127.0.0.1/",
        "http://+127.0.0.1/", "http://127.0.0/", "http://127.0.0.1./", "http://localhost:x@evil.com/",
        "http://localhost:1@evil.com/", "http://localhost@evil.com/", "http://[::1]evil.com/", "http://[::1]@evil.com/",
        "http://localhost.evil.com/", "http://localhost?@evil.com/", "http://example.com/", "http://",
        "ftp://localhost/", "x",
    ])
    func tokensOfContainersDoNotGoTo(url: String) {
        #expect(throws: StageError.self) {
            try MachineCredentials.containerURL(AWSEnvironment(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url]))
        }
    }

    @Test func pathsOfContainersBeginWithASlash() throws {
        func url(_ path: String) throws -> String? {
            try MachineCredentials.containerURL(AWSEnvironment(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": path]))
        }
        #expect(try url("/v2/x") == "http://169.254.170.2/v2/x")
        for path in ["@evil.com/", ".evil.com/", ":80@evil.com/", "v2"] {
            #expect(throws: StageError.self) { try url(path) }
        }
        #expect(try MachineCredentials.containerURL(AWSEnvironment([:])) == nil)
    }

    @Test func filesThatCannotBeReadAreTold() throws {
        #expect(try SmallFile.text("/nowhere/x", isOptional: true) == nil)
        #expect(try SmallFile.text("/dev/null/x", isOptional: true) == nil)
        let long = "/" + String(repeating: "x", count: 300)
        #expect(throws: StageError.self) { try SmallFile.text(long, isOptional: true) }
    }

    @Test(arguments: ["https://user:hidden@example.com", "user:hidden@example.com"])
    func addressesWithAPasswordAreNotShown(address: String) throws {
        let environment = AWSEnvironment(["AWS_ENDPOINT_URL": address, "HOME": "/nowhere"])
        let error = #expect(throws: StageError.self) {
            try AWSConfiguration(AWSOptions(), environment: environment).ownEndpoint(of: "s3")
        }
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
