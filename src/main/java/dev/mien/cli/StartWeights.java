package dev.mien.cli;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.Weights;
import dev.mien.backbones.WeightsReport;
import dev.mien.backbones.WeightsScaling;
import java.io.IOException;
import java.nio.file.Path;

/** Puts weights of a file into a backbone: all of them if they are a mien model's, else torchvision's convolutions. */
final class StartWeights {

    private StartWeights() {}

    /**
     * Loads {@code file} into {@code backbone}.
     *
     * @throws IllegalArgumentException naming the file and the tensors that do not fit
     */
    static WeightsReport load(Path file, Backbone backbone) throws IOException {
        try (Weights weights = Weights.read(file)) {
            return weights.tensors().containsKey("head.weight")
                    ? weights.applyTo(backbone)
                    : weights.transferTo(Weights.tensorsOf(backbone), WeightsScaling.UNIT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " does not fit " + backbone.name() + ": " + e.getMessage(), e);
        }
    }
}
