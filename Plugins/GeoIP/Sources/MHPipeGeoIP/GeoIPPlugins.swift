public import MHPipeKit

/// The plugins of this package.
public enum GeoIPPlugins {
    /// The transform `geoip`, for `PluginRegistry.adding`.
    public static let transforms: [any TransformPlugin.Type] = [GeoIPTransform.self]
}
