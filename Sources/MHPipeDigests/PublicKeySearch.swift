package import MHPipeAWS
package import MHPipeKit

/// Asks CloudTrail for public keys, in the place of files with them.
package struct PublicKeySearch: Sendable {
    private let call: PublicKeyCall?
    private let warn: @Sendable (String) -> Void

    /// - Parameters:
    ///   - connection: How AWS is reached.
    ///   - warn: Tells the user why there are none.
    /// - Throws: `StageError` when the configuration names an endpoint that is none.
    package init(_ connection: AWSConnection, warn: @escaping @Sendable (String) -> Void) throws {
        call = try PublicKeyCall(connection)
        self.warn = warn
    }

    /// The keys of some regions; see `TrailVerifier.KeySearch`.
    package func keys(_ regions: [String], _ time: Range<Timestamp>) -> PublicKeys? {
        guard let call else { return nil }
        var keys = PublicKeys()
        for region in regions {
            do {
                for page in try call.list(region, time) { try keys.add(page, from: "CloudTrail in \(region)") }
            } catch {
                // With the keys of some regions alone, digest files of the others would seem to be signed by nobody.
                let reason = (error as? AWSFailure)?.reason(needs: "cloudtrail:ListPublicKeys")
                warn("CloudTrail gives no public keys of \(region): \(reason ?? StageError(wrapping: error).message)")
                return nil
            }
        }
        guard keys.isEmpty else { return keys }
        warn("CloudTrail has no public keys for the time of the digest files")
        return nil
    }
}
