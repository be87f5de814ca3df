extension PluginRegistry {
    /// Hands the registry to the program that has loaded a library.
    ///
    /// mhpipe calls the library's function `mhpipe_plugins` for it, once:
    ///
    /// ```swift
    /// @_cdecl("mhpipe_plugins")
    /// public func plugins() -> UnsafeMutableRawPointer {
    ///     PluginRegistry(transforms: [TagTeamTransform.self]).handedOver()
    /// }
    /// ```
    ///
    /// - Returns: What the function returns, and nothing that could be used otherwise.
    public func handedOver() -> UnsafeMutableRawPointer {
        unsafe Unmanaged<AnyObject>.passRetained(HandedOver(self)).toOpaque()
    }

    /// Takes what a library's function returned; nil when it comes from another copy of the kit.
    ///
    /// - Parameter pointer: What `handedOver` made; it can be taken once.
    package init?(handedOver pointer: UnsafeMutableRawPointer) {
        let object = unsafe Unmanaged<AnyObject>.fromOpaque(pointer).takeRetainedValue()
        guard let handedOver = object as? HandedOver else { return nil }
        self = handedOver.registry
    }
}

/// A registry on its way out of a library: an object, so that its class tells which copy of the kit made it.
private final class HandedOver {
    let registry: PluginRegistry

    init(_ registry: PluginRegistry) {
        self.registry = registry
    }
}
