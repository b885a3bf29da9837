package dev.mien.backbones;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BackboneTest {

    @ParameterizedTest
    @CsvSource({"VGG19, 20027975", "VGG19_BN, 20038983", "COMPACT, 1697223"})
    void parameterCounts(BackboneKind kind, long expected) {
        try (Backbone backbone = kind.create(1)) {
            assertEquals(expected, backbone.parameterCount());
        }
    }

    @Test
    void vgg19CarriesTorchvisionsNames() {
        List<Integer> convolutions = List.of(0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34);
        try (Backbone backbone = new Vgg19(1)) {
            for (int index : convolutions) {
                assertTrue(backbone.parameters().containsKey("features." + index + ".weight"), "features." + index);
                assertTrue(backbone.parameters().containsKey("features." + index + ".bias"), "features." + index);
            }
            assertEquals(2 * convolutions.size() + 2, backbone.parameters().size());
        }
    }

    @ParameterizedTest
    @EnumSource(BackboneKind.class)
    void shapesAndGradients(BackboneKind kind) {
        try (Backbone backbone = kind.create(2);
                PointerScope scope = new PointerScope()) {
            Tensor images = torch.rand(2, backbone.channels(), backbone.inputSize(), backbone.inputSize());
            Tensor features = backbone.features(images, true);
            assertArrayEquals(
                    new long[] {2, backbone.featureCount()},
                    features.sizes().vec().get());
            Tensor logits = backbone.logits(features, true);
            assertArrayEquals(new long[] {2, 7}, logits.sizes().vec().get());
            logits.sum().backward();
            backbone.parameters()
                    .forEach((name, parameter) -> assertTrue(parameter.grad().defined(), name));
        }
    }

    @Test
    void sameSeedSameWeights() {
        try (Backbone a = new Compact(3);
                Backbone b = new Compact(3);
                Backbone c = new Compact(4)) {
            String name = "features.0.weight";
            assertTrue(a.parameters().get(name).equal(b.parameters().get(name)));
            assertTrue(!a.parameters().get(name).equal(c.parameters().get(name)));
        }
    }

    @Test
    void bfloat16StaysNearFloat32() {
        try (Backbone backbone = new Compact(5);
                PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor images = torch.rand(4, 1, 48, 48);
            Tensor exact = backbone.features(images, false);
            backbone.setPrecision(Precision.BFLOAT16);
            Tensor fast = backbone.features(images, false);
            double error = fast.sub(exact).norm().item_double() / exact.norm().item_double();
            assertTrue(error > 0 && error < 0.03, "relative error " + error);
        }
    }

    @Test
    void tf32IsRefusedOnTheProcessorAndOffInFloat32() {
        try (Backbone backbone = new Compact(5);
                PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            torch.globalContext().setAllowTF32CuDNN(true);
            torch.globalContext().setAllowTF32CuBLAS(true);
            Tensor images = torch.rand(4, 1, 48, 48);
            backbone.features(images, false);
            assertFalse(torch.globalContext().allowTF32CuDNN());
            assertFalse(torch.globalContext().allowTF32CuBLAS());
            backbone.setPrecision(Precision.TF32);
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> backbone.features(images, false));
            assertEquals(
                    "precision tf32 needs an NVIDIA GPU (--device cuda); on the CPU, take float32 or bfloat16",
                    e.getMessage());
            Precision.TF32.checkOn("cuda");
        }
    }

    @Test
    void unknownNameListsTheKnown() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> BackboneKind.ofWord("resnet"));
        assertEquals("unknown backbone 'resnet'; expected one of vgg19, vgg19-bn, compact", e.getMessage());
    }
}
