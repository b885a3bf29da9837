package dev.mien.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void plateauCutsAfterFourBadEpochs() {
        ReduceOnPlateau plateau = new ReduceOnPlateau(0.1, 3, 0.1);
        plateau.observe(1.0);
        for (int epoch = 0; epoch < 3; epoch++) {
            plateau.observe(1.0);
            assertEquals(0.1, plateau.rate());
        }
        plateau.observe(1.0);
        assertEquals(0.01, plateau.rate(), 1e-15);
        assertEquals(0, plateau.badEpochs());
        plateau.observe(0.5);
        assertEquals(0.5, plateau.best());
    }

    @Test
    void improvementsSmallerThanTheThresholdDoNotCount() {
        ReduceOnPlateau plateau = new ReduceOnPlateau(0.1, 0, 0.5);
        plateau.observe(1.0);
        plateau.observe(1.0 - 5e-5);
        assertEquals(0.05, plateau.rate(), 1e-15);
    }

    @Test
    void earlyStoppingWaitsItsPatienceAndIgnoresNaN() {
        EarlyStopping stopping = new EarlyStopping(2);
        assertTrue(stopping.improved(0, -1.0));
        assertFalse(stopping.improved(1, Double.NaN));
        assertFalse(stopping.shouldStop(1));
        assertFalse(stopping.improved(2, -1.0));
        assertTrue(stopping.shouldStop(2));
        assertEquals(0, stopping.bestEpoch());
    }

    @Test
    void cosineWarmsUpThenFallsToZero() {
        assertEquals(0, Schedule.cosine(0));
        assertEquals(1, Schedule.cosine(0.1), 1e-12);
        assertEquals(0.5, Schedule.cosine(0.55), 1e-12);
        assertEquals(0, Schedule.cosine(1), 1e-12);
    }
}
