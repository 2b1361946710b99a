from sci_tensorflow.api import tf


class TokenMean:
    def __init__(self, config, heads):
        (self.head,) = heads

    def __call__(self, outputs, batch):
        logits, below = outputs[self.head], batch["target.below"]
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.maximum(below, 0), logits)
        covered = tf.cast(below >= 0, each.dtype)
        return tf.math.divide_no_nan(tf.reduce_sum(each * covered), tf.reduce_sum(covered))

    def mass(self, batch):
        return tf.math.count_nonzero(batch["target.below"] >= 0)
