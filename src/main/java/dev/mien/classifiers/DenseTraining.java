package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.Downloads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Fits a {@link DenseNetwork} by mini-batch Adam with L2 and a cosine learning rate, deterministic for a seed. With a
 * patience, a tenth of the rows (stratified) is held out and the weights of its lowest loss are kept.
 *
 * @param hidden widths of the hidden layers
 * @param dropout share of hidden units dropped while fitting
 * @param epochs passes over the rows at most
 * @param batch rows per step
 * @param rate learning rate of the first step
 * @param l2 weight decay
 * @param patience epochs without a lower held-out loss before stopping; 0 holds nothing out
 * @param weighting of the classes
 */
record DenseTraining(
        int[] hidden,
        double dropout,
        int epochs,
        int batch,
        double rate,
        double l2,
        int patience,
        ClassWeighting weighting,
        long seed) {

    private static final int FOLDS = 10;
    private static final long MEAN = 1; // at::Reduction::Mean
    private static final long NO_IGNORED_LABEL = -100;

    /** What one fit works on. */
    private record Task(
            Tensor features,
            Tensor labels,
            Tensor classWeights,
            List<Tensor> parameters,
            GeneratorOptional generator) {}

    /** Fits features (n, d) and labels (n) 0..classes-1. */
    DenseNetwork fit(FloatMatrix features, int[] labels, int classes) {
        boolean holdOut = patience > 0 && labels.length >= 2 * FOLDS;
        StratifiedFolds folds = holdOut ? StratifiedFolds.of(labels, FOLDS, seed) : null;
        int[] train =
                holdOut ? folds.trainRows(0) : IntStream.range(0, labels.length).toArray();
        int[] held = holdOut ? folds.testRows(0) : new int[0];
        Scaler scaler = Scaler.fit(features);
        Random random = new Random(seed);
        try (PointerScope scope = new PointerScope();
                AutoGradMode recording = new AutoGradMode(true)) {
            Generator generator = torch.make_generator_cpu(seed);
            Task task = new Task(
                    Tensors.of(scaler.apply(features)),
                    Tensors.of(labels),
                    Tensor.create(weighting.weights(labels, classes)),
                    parameters(features.columns(), classes, random),
                    new GeneratorOptional(generator));
            List<float[]> learnt = descend(task, train, held, random);
            return new DenseNetwork(scaler, layers(learnt, features.columns()));
        }
    }

    private List<float[]> descend(Task task, int[] train, int[] held, Random random) {
        AdamOptions options = new AdamOptions(rate);
        options.weight_decay().put(l2);
        Adam adam = new Adam(new TensorVector(task.parameters.toArray(new Tensor[0])), options);
        List<float[]> best = null;
        double lowest = Double.POSITIVE_INFINITY;
        for (int epoch = 0, stale = 0; epoch < epochs && stale <= patience; epoch++) {
            adam.param_groups().get(0).options().set_lr(rate * 0.5 * (1 + Math.cos(Math.PI * epoch / epochs)));
            shuffle(train, random);
            for (int from = 0; from < train.length; from += batch) {
                step(task, adam, Arrays.copyOfRange(train, from, Math.min(from + batch, train.length)));
            }
            if (held.length > 0) {
                double loss = heldOutLoss(task, held);
                stale = loss < lowest ? 0 : stale + 1;
                if (loss < lowest) {
                    lowest = loss;
                    best = copy(task.parameters);
                }
            }
        }
        return best == null ? copy(task.parameters) : best;
    }

    private void step(Task task, Adam adam, int[] rows) {
        try (PointerScope scope = new PointerScope()) {
            adam.zero_grad();
            loss(task, rows, dropout).backward();
            adam.step();
        }
    }

    private double heldOutLoss(Task task, int[] rows) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            return loss(task, rows, 0).item_double();
        }
    }

    private Tensor loss(Task task, int[] rows, double drop) {
        Tensor index = Tensors.of(rows);
        Tensor values = task.features.index_select(0, index);
        for (int i = 0; i < task.parameters.size(); i += 2) {
            if (i > 0) {
                values = dropped(values.relu(), drop, task.generator);
            }
            values = torch.linear(values, task.parameters.get(i), task.parameters.get(i + 1));
        }
        return torch.nll_loss(
                torch.log_softmax(values, 1),
                task.labels.index_select(0, index),
                new TensorOptional(task.classWeights),
                MEAN,
                NO_IGNORED_LABEL);
    }

    /** Dropout from our own generator: LibTorch's draws from a global one, which parallel fits would share. */
    private static Tensor dropped(Tensor values, double drop, GeneratorOptional generator) {
        if (drop == 0) {
            return values;
        }
        Tensor kept =
                torch.empty_like(values.detach()).uniform_(0, 1, generator).ge(new Scalar(drop));
        return values.mul(kept).mul(new Scalar(1 / (1 - drop)));
    }

    /** Weight and bias per layer: He et al. 2015 for the hidden layers, zeros for the last. */
    private List<Tensor> parameters(int columns, int classes, Random random) {
        List<Tensor> parameters = new ArrayList<>();
        int inputs = columns;
        for (int width : hidden) {
            float[] weight = new float[width * inputs];
            for (int i = 0; i < weight.length; i++) {
                weight[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / inputs));
            }
            parameters.add(Tensor.create(weight, width, inputs));
            parameters.add(Tensor.create(new float[width]));
            inputs = width;
        }
        parameters.add(Tensor.create(new float[classes * inputs], classes, inputs));
        parameters.add(Tensor.create(new float[classes]));
        parameters.forEach(parameter -> parameter.set_requires_grad(true));
        return parameters;
    }

    private static List<float[]> copy(List<Tensor> parameters) {
        try (PointerScope scope = new PointerScope()) {
            return parameters.stream().map(Downloads::floats).toList();
        }
    }

    private static List<DenseNetwork.Layer> layers(List<float[]> learnt, int columns) {
        List<DenseNetwork.Layer> layers = new ArrayList<>();
        int inputs = columns;
        for (int i = 0; i < learnt.size(); i += 2) {
            int outputs = learnt.get(i + 1).length;
            layers.add(new DenseNetwork.Layer(new FloatMatrix(learnt.get(i), outputs, inputs), learnt.get(i + 1)));
            inputs = outputs;
        }
        return layers;
    }

    private static void shuffle(int[] rows, Random random) {
        for (int i = rows.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = rows[i];
            rows[i] = rows[j];
            rows[j] = swap;
        }
    }
}
