"""The driver of mhpipe on Apache Spark: it plans tasks, mhpipe does them, and the driver checks that nothing is missing."""
