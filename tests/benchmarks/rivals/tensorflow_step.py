"""A step as a `tf.function`, in a Python loop; rows are gathered from whole tensors inside it."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf
from turns import Turns

from rivals.keras_models import model, rows

turns = Turns()
work, values, target = rows()
x, y = tf.constant(values), tf.constant(target)
network = model(work)
optimizer = keras.optimizers.AdamW(1e-3, weight_decay=0.01)
optimizer.build(network.trainable_variables)


@tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
def step(index: Any) -> Any:
    """One update; its loss."""
    with tf.GradientTape() as tape:
        logits = network(tf.gather(x, index), training=True)
        wanted = tf.gather(y, index)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, logits))
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
    return loss


turns.next()
while True:
    order = tf.random.shuffle(tf.range(work.rows)).numpy()
    losses = [
        step(tf.constant(order[start : start + work.batch_size])) for start in range(0, work.rows, work.batch_size)
    ]
    print(float(tf.reduce_mean(tf.stack(losses))))
    turns.next()
