/// A transform that adds keys to an object which another transform may have added, instead of replacing it.
package protocol ExtendingTransform: TransformPlugin {}
