import MHPipeKit

/// What the user was told already, so that it is not said again in every round.
final class SaidOnce: Sendable {
    private let texts = Locked<Set<String>>([])

    private static let most = 1000

    /// True for a text that was not said before, as far as can be remembered.
    func isNew(_ text: String) -> Bool {
        texts.withLock { texts in
            if texts.count >= Self.most { texts.removeAll() }
            return texts.insert(text).inserted
        }
    }
}
