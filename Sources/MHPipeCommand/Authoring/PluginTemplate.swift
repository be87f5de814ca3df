import MHPipeKit

/// The files of a new package of plugins.
///
/// The package builds, and its tests pass, before anything in it is changed.
struct PluginTemplate {
    /// How the plugin comes to mhpipe.
    enum Delivery: Equatable {
        /// A library that mhpipe loads; built against the kit in this folder.
        case library(kit: String)
        /// A program with all built-in plugins; built with the sources of mhpipe in this folder.
        case program(checkout: String)
    }

    /// The plugin's name in pipelines.
    let name: String
    let kind: PluginDescription.Kind
    let delivery: Delivery

    /// The name of the module, and of the library: `TagTeam` for `tag_team`.
    var module: String { name.split(separator: "_").map { String($0).capitalizedFirst }.joined() }

    /// The library's file, where there is one.
    var library: String { "lib\(module).so" }

    /// What stands in the way of the name; nil when nothing does.
    var nameMistake: String? {
        if name.first?.isNumber == true {
            return "needs a letter first, not a digit, since the module and its types are named after it: '\(name)'"
        }
        guard name.wholeMatch(of: /[a-z][a-z0-9]*(?:_[a-z0-9]+)*/) != nil else {
            return
                "needs lower case letters, digits and single underscores between them, such as 'tag_team', not '\(name)'"
        }
        // A module of such a name would hide what it imports.
        let taken = [
            "Source", "Transform", "Sink", "Plugin", "Event", "Option", "Swift", "Testing", "Foundation", "Main",
        ]
        return taken.contains(module) ? "needs a name of its own: '\(module)' is one of the kit's or of Swift's" : nil
    }

    /// The files: the paths in the package's folder, and the texts.
    var files: [(path: String, text: String)] {
        let type = module + kind.rawValue.capitalizedFirst
        return [
            ("Package.swift", package),
            ("README.md", readme),
            (".gitignore", ".build/\n*.so\nout.jsonl\n"),
            ("pipeline.conf", pipeline),
            ("sample.jsonl", Self.sample),
            ("samples.conf", samples),
            ("Sources/\(module)/\(type).swift", filled(source)),
            isLibrary
                ? ("Sources/\(module)/Library.swift", filled(TemplateText.library))
                : ("Sources/\(module)/Main.swift", filled(TemplateText.main)),
            ("Tests/\(module)Tests/\(type)Tests.swift", filled(TemplateText.tests + behaviour)),
        ]
    }

    private var isLibrary: Bool {
        if case .library = delivery { true } else { false }
    }

    private var package: String {
        switch delivery {
        case .library(let kit): filled(TemplateText.libraryPackage, place: kit)
        case .program(let checkout): filled(TemplateText.programPackage, place: checkout)
        }
    }

    private var source: String {
        switch kind {
        case .source: TemplateText.source
        case .transform: TemplateText.transform
        case .sink: TemplateText.sink
        }
    }

    private var behaviour: String {
        switch kind {
        case .source: TemplateText.sourceTest
        case .transform: TemplateText.transformTest
        case .sink: TemplateText.sinkTest
        }
    }

    private var readme: String {
        filled(isLibrary ? TemplateText.libraryReadme : TemplateText.programReadme)
    }

    private var pipeline: String {
        let plugins = isLibrary ? "plugins: [./\(library)]\n" : ""
        let transforms = kind == .transform ? "\ntransforms:\n  added:\n    type: \(name)\n" : ""
        return """
            # What the plugin of this package makes of a few events.
            pipeline: \(name)
            \(plugins)
            sources:
              logs:
                type: \(kind == .source ? name : "file")
                path: sample.jsonl
            \(transforms)
            sinks:
              lines:
                type: \(kind == .sink ? name : "jsonl")
                path: \(kind == .sink ? "out.jsonl" : "\"-\"")

            """
    }

    private var samples: String {
        let options =
            switch kind {
            case .source: "- path: ${FOLDER}/a.json"
            case .transform: "- {}\n    - field: userIdentity.type"
            case .sink: "- path: ${FOLDER}/out.jsonl"
            }
        return """
            # The options with which the tests try the plugin; ${FOLDER} is a folder of the test's own.
            \(kind.plural):
              \(name):
                \(options)

            """
    }

    /// Fills the places of a text.
    private func filled(_ text: String, place: String = "") -> String {
        let places = [
            ("@NAME@", name), ("@MODULE@", module), ("@KIND@", kind.rawValue), ("@KINDS@", kind.plural),
            ("@TYPE@", module + kind.rawValue.capitalizedFirst), ("@PLACE@", place), ("@LIBRARY@", library),
        ]
        return places.reduce(text) { text, place in text.replacing(place.0, with: place.1) }
    }

    private static let sample = """
        {"eventVersion":"1.11","eventTime":"2026-01-02T03:04:05Z","eventSource":"migrationhub.amazonaws.com","eventName":"NotifyMigrationTaskState","userIdentity":{"type":"AssumedRole"}}
        {"eventVersion":"1.11","eventTime":"2026-01-02T03:04:06Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","userIdentity":{"type":"IAMUser","userName":"Alice"}}

        """
}
