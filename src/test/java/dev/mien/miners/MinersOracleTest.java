package dev.mien.miners;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.MiningResult;
import dev.mien.kernels.Triplets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every deterministic miner selects exactly the rows of the float64 brute force, on 200 random and
 * awkward batches, each with itself and against other references, natively and in plain Java.
 */
class MinersOracleTest {

    private static final long SEED = new Random().nextLong();
    private static final List<MiningCases.Case> CASES = MiningCases.draw(SEED, 210);

    @ParameterizedTest
    @EnumSource
    void batchHard(Distance distance) {
        check(distance, new BatchHardMiner(distance, 0.3), 0.3, oracle -> oracle.batchHard(1, 1));
    }

    @ParameterizedTest
    @EnumSource
    void rankWindow(Distance distance) {
        check(distance, new BatchHardMiner(distance, 0.3, 2, 5), 0.3, oracle -> oracle.batchHard(2, 5));
        check(distance, new BatchHardMiner(distance, 0.3, 1, 3), 0.3, oracle -> oracle.batchHard(1, 3));
    }

    @ParameterizedTest
    @EnumSource
    void semiHardFacenet(Distance distance) {
        // Margin 1 puts dn = dp + m exactly on integer grids.
        for (double margin : new double[] {0, 0.3, 1}) {
            check(
                    distance,
                    new SemiHardMiner(distance, margin, Semantics.FACENET, 0),
                    margin,
                    oracle -> oracle.semiHard(Semantics.FACENET));
        }
    }

    @ParameterizedTest
    @EnumSource
    void semiHardTfa(Distance distance) {
        check(distance, new SemiHardMiner(distance, 1, Semantics.TFA, 0), 1, oracle -> oracle.semiHard(Semantics.TFA));
    }

    @ParameterizedTest
    @EnumSource
    void batchAll(Distance distance) {
        for (double margin : new double[] {0, 0.3, 1, Double.POSITIVE_INFINITY}) {
            check(distance, new BatchAllMiner(distance, margin), margin, MiningOracle::batchAll);
        }
    }

    @ParameterizedTest
    @EnumSource
    void easyPositive(Distance distance) {
        for (NegativeChoice choice : NegativeChoice.values()) {
            check(distance, new EasyPositiveMiner(distance, 1, choice), 1, oracle -> oracle.easyPositive(choice));
        }
    }

    private static void check(Distance distance, Miner miner, double margin, UnaryOperator<MiningOracle> definition) {
        Random random = new Random(SEED);
        for (MiningCases.Case batch : CASES) {
            String where = "%s, %s, seed %d".formatted(miner, batch.name(), SEED);
            check(
                    new MiningOracle(batch.embeddings(), batch.labels(), distance, margin),
                    batch.batch(),
                    miner,
                    definition,
                    where);
            MiningCases.Against memory = batch.against(random);
            check(memory.oracle(distance, margin), memory.batch(), miner, definition, where + ", against references");
        }
    }

    private static void check(
            MiningOracle oracle, Batch batch, Miner miner, UnaryOperator<MiningOracle> definition, String where) {
        String expected = text(definition.apply(oracle).triplets);
        for (Kernels kernels : BothKernels.LIST) {
            String by = where + ", " + kernels.description();
            MiningResult result = miner.mine(batch, 7, kernels);
            assertEquals(expected, text(result.triplets()), by);
            assertEquals(expected, text(miner.triplets(batch, 7, kernels)), by);
            assertEquals(oracle.triplets.size(), result.statistics().triplets(), by);
            assertTrue(result.statistics().activeFraction() >= 0, by);
        }
    }

    private static String text(List<long[]> triplets) {
        StringBuilder text = new StringBuilder();
        triplets.forEach(triplet -> text.append(Arrays.toString(triplet)));
        return text.toString();
    }

    static String text(Triplets triplets) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < triplets.size(); i++) {
            text.append(
                    Arrays.toString(new long[] {triplets.anchor()[i], triplets.positive()[i], triplets.negative()[i]}));
        }
        return text.toString();
    }
}
