"""The encoder: a small convolutional network from a feature map to a unit vector."""

from __future__ import annotations

import keras
import tensorflow as tf

from models.features import ANGLES, GRID

WIDTH = 128
"""Length of an embedding."""

LAYERS = ((48, 2, False), (96, 1, True), (160, 2, True))
"""Filters and stride of each 3 x 3 convolution, and whether a residual branch refines it."""

REFINING = "refining"
"""How the names of layers of the residual branches begin."""

FIRST_SCALE = 14.9
LARGEST_SCALE = 50.0


def build(*, refined: bool = True) -> keras.Model:
    """Untrained encoder (16, 16, 8) -> 128, not yet of unit length."""
    inputs = keras.layers.Input((GRID, GRID, ANGLES))
    x = inputs
    for at, (filters, stride, branch) in enumerate(LAYERS):
        x = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
        x = keras.layers.BatchNormalization(momentum=0.98)(x)
        x = keras.layers.ReLU()(x)
        if refined and branch:
            x = keras.layers.ReLU()(keras.layers.Add()([x, _refined(x, f"{REFINING}{at}")]))
    x = keras.layers.Flatten()(x)
    return keras.Model(inputs, keras.layers.Dense(WIDTH)(x))


def _refined(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """A residual branch that starts as nothing, so that it can be added to a trained encoder."""
    y = keras.layers.Conv2D(x.shape[-1], 3, padding="same", use_bias=False, name=name)(x)
    return keras.layers.BatchNormalization(
        momentum=0.98, gamma_initializer="zeros", name=f"{name}_norm"
    )(y)


def go_on_from(encoder: keras.Model, earlier: keras.Model) -> None:
    """Take the weights of an earlier encoder, with or without the residual branches."""
    if len(earlier.weights) == len(encoder.weights):
        encoder.set_weights(earlier.get_weights())
        return
    weighty = [layer for layer in encoder.layers if layer.weights]
    shared = [layer for layer in weighty if not layer.name.startswith(REFINING)]
    trained = [layer for layer in earlier.layers if layer.weights]
    for layer, source in zip(shared, trained, strict=True):
        layer.set_weights(source.get_weights())


class Trainer:
    """Encoder, learnt temperature and optimiser, with one compiled step."""

    def __init__(self, steps: int, rate: float, warm_up: int, *, refined: bool = True) -> None:
        self.encoder = build(refined=refined)
        self.log_scale = tf.Variable(tf.math.log(FIRST_SCALE), name="log_scale")
        schedule = keras.optimizers.schedules.CosineDecay(
            0.0, max(steps - warm_up, 1), alpha=0.02, warmup_target=rate, warmup_steps=warm_up
        )
        self.optimizer = keras.optimizers.AdamW(schedule, weight_decay=1e-4)
        self.step = tf.function(self._step)

    def _step(
        self, query: tf.Tensor, gallery: tf.Tensor, labels: tf.Tensor
    ) -> tuple[tf.Tensor, ...]:
        """Loss, share of right first choices, gallery embeddings; updates the weights."""
        same = tf.equal(labels[:, None], labels[None, :])
        diagonal = tf.eye(tf.shape(labels)[0], dtype=tf.bool)
        masked = tf.where(same & ~diagonal, -1e4, 0.0)
        with tf.GradientTape() as tape:
            embedded = self.encoder(tf.concat([query, gallery], 0), training=True)
            drawn, printed = tf.split(tf.math.l2_normalize(embedded, 1), 2)
            scale = tf.minimum(tf.exp(self.log_scale), LARGEST_SCALE)
            logits = scale * tf.matmul(drawn, printed, transpose_b=True) + masked
            wanted = tf.range(tf.shape(labels)[0])
            forth = tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, logits)
            back = tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, tf.transpose(logits))
            loss = tf.reduce_mean(forth + back) / 2
        variables = [*self.encoder.trainable_variables, self.log_scale]
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables, strict=True))
        right = tf.reduce_mean(
            tf.cast(tf.equal(tf.argmax(logits, 1, output_type=tf.int32), wanted), tf.float32)
        )
        return loss, right, printed

    def checkpoint(self) -> tf.train.Checkpoint:
        """What must be kept to go on with a training."""
        return tf.train.Checkpoint(
            encoder=self.encoder, log_scale=self.log_scale, optimizer=self.optimizer
        )


def embed(encoder: keras.Model, pictures: tf.Tensor) -> tf.Tensor:
    """Unit vectors (n, 128) of feature maps, in inference mode."""
    return tf.math.l2_normalize(encoder(pictures, training=False), 1)
