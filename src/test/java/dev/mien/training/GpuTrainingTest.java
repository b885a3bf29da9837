package dev.mien.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.Compact;
import dev.mien.data.Dataset;
import dev.mien.data.SchematicFaces;
import dev.mien.internal.Gpu;
import dev.mien.internal.Progress;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeKernels;
import dev.mien.losses.Margin;
import dev.mien.miners.MinerKind;
import dev.mien.miners.MinerOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Training on a GPU, by the real library. */
@Tag("gpu")
class GpuTrainingTest {

    private static final int IMAGES = 70;
    private static final double TOLERANCE = 1e-3;

    @BeforeAll
    static void requireGpu() {
        Gpu.require();
    }

    /** A loss with what it mines by. */
    record Recipe(LossKind loss, MinerKind miner) {
        TrainingSettings settings() {
            return TrainingSettings.quick(loss)
                    .withEpochs(1)
                    .withMining(miner, new MinerOptions(Distance.EUCLIDEAN, 0.2), Margin.hinge(0.2));
        }
    }

    static Stream<Recipe> recipes() {
        return Stream.concat(
                Stream.of(new Recipe(LossKind.CROSS_ENTROPY, MinerKind.BATCH_HARD)),
                Arrays.stream(MinerKind.values())
                        .flatMap(miner ->
                                Stream.of(new Recipe(LossKind.TRIPLET, miner), new Recipe(LossKind.JOINT, miner))));
    }

    /** The loss of a batch and its gradient in the features are the CPU's. */
    @ParameterizedTest
    @MethodSource("recipes")
    void aStepHasTheGradientOfTheCpu(Recipe recipe) {
        try (PointerScope scope = new PointerScope()) {
            torch.manual_seed(1);
            Tensor features;
            try (Backbone backbone = new Compact(1)) {
                features = torch.randn(IMAGES, backbone.featureCount());
            }
            Tensor onCpu = features.clone().set_requires_grad(true);
            Tensor onGpu = Gpu.placed(features).set_requires_grad(true);
            double expected = step(recipe, onCpu, new Device("cpu"));
            double actual = step(recipe, onGpu, new Device("cuda"));
            assertEquals(expected, actual, TOLERANCE * Math.abs(expected));
            double error = onGpu.grad().cpu().sub(onCpu.grad()).norm().item_double();
            assertTrue(error <= TOLERANCE * onCpu.grad().norm().item_double(), "the gradient is wrong by " + error);
        }
    }

    private static double step(Recipe recipe, Tensor features, Device device) {
        int[] classes = new int[IMAGES];
        Arrays.setAll(classes, i -> i % 7);
        try (Backbone backbone = new Compact(1)) {
            backbone.moveTo(device);
            Objective objective =
                    new Objective(recipe.settings(), new int[] {1, 1, 1, 1, 1, 1, 1}, new NativeKernels(), null);
            Tensor value = objective
                    .of(backbone, features, Tensors.labels(classes, device), 0, true)
                    .value();
            value.backward();
            return value.item_double();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEpochEndsNearTheCpus(LossKind loss) throws IOException {
        Recipe recipe = new Recipe(loss, MinerKind.SEMI_HARD);
        EpochRecord expected = epoch(recipe.settings().withDevice("cpu"));
        EpochRecord actual = epoch(recipe.settings().withDevice("cuda"));
        assertEquals(expected.trainLoss(), actual.trainLoss(), 0.1 * expected.trainLoss());
    }

    private static EpochRecord epoch(TrainingSettings settings) throws IOException {
        Dataset faces = SchematicFaces.generate(100, 11);
        try (Backbone backbone = new Compact(1)) {
            return new Trainer(settings, null, Progress.NONE)
                    .fit(backbone, faces.train(), faces.validation(), false)
                    .epochs()
                    .get(0);
        }
    }
}
