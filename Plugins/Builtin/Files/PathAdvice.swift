/// What to say about a path that leads nowhere.
enum PathAdvice {
    /// The likely mistake in a path, or nil when there is nothing to say.
    static func forMissing(_ path: String) -> String? {
        path.hasPrefix("~") ? "only shells know what '~' means; write ${HOME} in its place" : nil
    }
}
