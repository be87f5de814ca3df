/// The options of a plugin that says why it does not take an option which others of its kind have.
package protocol AbsentOptions: PluginOptions {
    /// Why the plugin has no such option, and what does the same, for a note below the mistake; nil for any other key.
    static func absence(of key: String) -> String?
}
