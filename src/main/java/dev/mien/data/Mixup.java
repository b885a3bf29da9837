package dev.mien.data;

import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Uploads;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.random.JDKRandomGenerator;
import org.apache.commons.math3.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * One draw of mixup (Zhang et al. 2018): each image of a batch is blended with a partner from the same batch, all with the
 * same weight, and so are their losses.
 *
 * @param weight of an image against its partner, 0.5..1: the larger of a Beta draw and its complement, which by the
 *     symmetry of pairs is the same mixture
 * @param partners row of each row's partner, a permutation
 */
public record Mixup(double weight, int[] partners) {

    static {
        NativeRuntime.load();
    }

    /**
     * Draws for one batch.
     *
     * @param alpha both parameters of the Beta distribution, above 0; near 0 hardly anything is mixed, at 1 the weight
     *     is uniform
     * @param size rows of the batch
     * @param step counter of the batch; the same (seed, step) gives the same draw
     */
    public static Mixup draw(double alpha, int size, long seed, long step) {
        SplittableRandom random = Draws.random(~seed, step); // not the stream that augments the batch
        RandomGenerator generator = new JDKRandomGenerator();
        generator.setSeed(random.nextLong());
        double share = new BetaDistribution(generator, alpha, alpha).sample();
        int[] partners = IntStream.range(0, size).toArray();
        Draws.shuffle(partners, random);
        return new Mixup(Math.max(share, 1 - share), partners);
    }

    /** Blends rows (b, ...) float with their partners'. Call inside a PointerScope; the result belongs to it. */
    public Tensor blend(Tensor rows) {
        return rows.mul(new Scalar(weight)).add_(partnersOf(rows), new Scalar(1 - weight));
    }

    /** The partners' rows (b, ...), of images or labels. */
    public Tensor partnersOf(Tensor rows) {
        return rows.index_select(0, Uploads.rows(partners, rows.device()));
    }
}
