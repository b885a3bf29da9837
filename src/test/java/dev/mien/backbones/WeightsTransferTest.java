package dev.mien.backbones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.NativeRuntime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WeightsTransferTest {

    private static final int SIDE = 12;

    @BeforeAll
    static void load() {
        NativeRuntime.load();
    }

    private static Map<String, Tensor> network(long channels) {
        Map<String, Tensor> network = new LinkedHashMap<>();
        network.put("features.0.weight", torch.randn(4, channels, 3, 3));
        network.put("features.0.bias", torch.randn(4));
        network.put("classifier.weight", torch.randn(7, 4));
        return network;
    }

    private static Map<String, Tensor> imageNet() {
        Map<String, Tensor> network = network(3);
        network.put("classifier.weight", torch.randn(1000, 4));
        network.put("classifier.bias", torch.randn(1000));
        return network;
    }

    private static Tensor convolve(Tensor images, Map<String, Tensor> network) {
        return torch.conv2d(
                images,
                network.get("features.0.weight"),
                new TensorOptional(network.get("features.0.bias")),
                new long[] {1, 1},
                new long[] {1, 1},
                new long[] {1, 1},
                1);
    }

    /** Channel c of an RGB copy of a grey image (n, 1, s, s), as torchvision's weights want it. */
    private static Tensor normalised(Tensor grey) {
        Tensor[] channels = new Tensor[3];
        for (int c = 0; c < 3; c++) {
            channels[c] = grey.sub(new Scalar(WeightsScaling.mean(c))).div(new Scalar(WeightsScaling.deviation(c)));
        }
        return torch.cat(new TensorVector(channels), 1);
    }

    private static Tensor inner(Tensor images) {
        return images.narrow(2, 1, SIDE - 2).narrow(3, 1, SIDE - 2);
    }

    private static double difference(Tensor a, Tensor b) {
        return a.sub(b).abs().max().item_double();
    }

    @Test
    void unitInputEqualsNormalisedInputExceptAtTheBorder() {
        Map<String, Tensor> source = imageNet();
        Tensor grey = torch.rand(2, 1, SIDE, SIDE);
        Tensor wanted = convolve(normalised(grey), source);
        for (int channels : new int[] {1, 3}) {
            Map<String, Tensor> target = network(channels);
            try (Weights weights = Weights.copyOf(source, Map.of())) {
                weights.transferTo(target, WeightsScaling.UNIT);
            }
            Tensor found = convolve(grey.expand(2, channels, SIDE, SIDE), target);
            assertEquals(0, difference(inner(wanted), inner(found)), 1e-4);
            assertTrue(difference(wanted, found) > 1e-3, "zero padding is not the mean colour");
        }
    }

    @Test
    void normalisedInputTakesTheWeightsAsTheyAre() {
        Map<String, Tensor> source = imageNet();
        Map<String, Tensor> colour = network(3);
        Map<String, Tensor> grey = network(1);
        Tensor head = colour.get("classifier.weight").clone();
        try (Weights weights = Weights.copyOf(source, Map.of())) {
            WeightsReport report = weights.transferTo(colour, WeightsScaling.NORMALISED);
            assertEquals(List.of("features.0.weight", "features.0.bias"), report.loaded());
            assertEquals(List.of("classifier.weight", "classifier.bias"), report.skipped());
            assertEquals(List.of("classifier.weight"), report.untouched());
            assertEquals("2 tensors loaded, 2 skipped, 1 as initialised", report.toString());
            weights.transferTo(grey, WeightsScaling.NORMALISED);
        }
        assertTrue(torch.equal(source.get("features.0.weight"), colour.get("features.0.weight")));
        assertTrue(torch.equal(head, colour.get("classifier.weight")));
        Tensor image = torch.randn(2, 1, SIDE, SIDE);
        Tensor wanted = convolve(image.expand(2, 3, SIDE, SIDE), source);
        assertEquals(0, difference(wanted, convolve(image, grey)), 1e-4, "everywhere, border included");
    }

    @Test
    void otherNetworksAreRefused() {
        Map<String, Tensor> target = network(3);
        try (Weights headless = Weights.copyOf(Map.of("fc.weight", torch.ones(1)), Map.of())) {
            assertThrows(IllegalArgumentException.class, () -> headless.transferTo(target, WeightsScaling.UNIT));
        }
        Map<String, Tensor> deeper = imageNet();
        deeper.put("features.2.weight", torch.ones(1));
        try (Weights weights = Weights.copyOf(deeper, Map.of())) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> weights.transferTo(target, WeightsScaling.UNIT))
                    .getMessage();
            assertTrue(message.contains("1 unexpected (\"features.2.weight\")"), message);
        }
    }

    @Test
    void vgg19TakesTorchvisionsNames() {
        try (Backbone source = new Vgg19(1);
                Backbone target = new Vgg19(2)) {
            Map<String, Tensor> imageNet = new LinkedHashMap<>(source.parameters());
            imageNet.put("classifier.0.weight", torch.zeros(8, 8));
            try (Weights weights = Weights.copyOf(imageNet, Map.of())) {
                WeightsReport report = weights.transferTo(Weights.tensorsOf(target), WeightsScaling.NORMALISED);
                assertEquals(32, report.loaded().size());
                assertEquals(2, report.untouched().size());
            }
            assertTrue(torch.equal(
                    source.parameters().get("features.34.weight"),
                    target.parameters().get("features.34.weight")));
        }
    }
}
