import MHPipeKit
import MHPipePlan

extension Checker {
    /// Loads the libraries that the pipeline names, so that its stages can use their plugins.
    ///
    /// What is no path is left to the decoding of the settings.
    mutating func loadLibraries(_ entries: [ConfigEntry]) {
        for entry in entries where entry.key == "plugins" {
            for node in entry.value.elements ?? [entry.value] {
                guard let path = node.text, !path.isEmpty else { continue }
                let place = PathPlace(
                    use: .program(path),
                    user: "'plugins'",
                    span: node.span ?? entry.keySpan,
                    object: "the library of 'plugins'"
                )
                // A path with a NUL is left to the settings, which say so.
                guard !path.utf8.contains(0), !reportMistake(place) else {
                    arePluginsKnown = false
                    continue
                }
                libraries.append(place)
                do {
                    try loader.load(path, into: &plugins)
                } catch {
                    var refusal = Diagnostic(error.message, at: node.span ?? entry.keySpan, notes: error.notes)
                    refusal.isMachineFault = error.isMachineFault
                    report(refusal)
                    arePluginsKnown = false
                }
            }
        }
    }
}
