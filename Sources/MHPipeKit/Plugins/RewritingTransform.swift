/// A transform that writes records anew, so that fields which were there may be gone, or have other names.
///
/// What it makes of a record is the record from then on; what transforms before it have added becomes part of that.
package protocol RewritingTransform: Transform, ReshapingTransform {}
