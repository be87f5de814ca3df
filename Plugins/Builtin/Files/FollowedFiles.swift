import MHPipeIO
import MHPipeKit

/// What a round of a watch reads of a folder that is followed.
final class FollowedFiles: FileListing {
    private let follower: FolderFollower
    private let rounds: WatchRounds
    private var seen = 0
    private var isAtEnd = false

    init(_ follower: FolderFollower, _ rounds: WatchRounds) {
        self.follower = follower
        self.rounds = rounds
    }

    func next() throws -> NextUnit {
        guard !isAtEnd, follower.hasNews, !rounds.isOverBeforeUnit() else {
            isAtEnd = true
            return .end
        }
        let found: FolderFollowing.Found?
        do {
            found = try follower.next()
        } catch {
            throw StageError(machineFault: error) ?? StageError("\(error)")
        }
        switch found {
        case .file(let path, let status, let isLink):
            seen += 1
            return .unit(FileUnit(path, status, isLink: isLink, in: follower.folder))
        case .unreadable(let path, let reason):
            seen += 1
            return .unreadable(UnreadableInput(name: path.text, reason: reason))
        case nil:
            isAtEnd = true
            return .end
        }
    }

    var tally: InputTally { InputTally(seen: seen) }

    func name(of file: FileReference) -> String? { nil }
}
