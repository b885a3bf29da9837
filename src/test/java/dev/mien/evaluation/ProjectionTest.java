package dev.mien.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.data.FloatMatrix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ProjectionTest {

    /** On a line through (1, 2, 2) / 3, the first coordinate is the place on it. */
    @Test
    void aLineIsItsOwnFirstComponent() {
        float[] places = {-4, -1, 2, 3};
        float[] values = new float[12];
        for (int i = 0; i < 4; i++) {
            values[3 * i] = 100 + places[i];
            values[3 * i + 1] = 2 * places[i];
            values[3 * i + 2] = 2 * places[i] - 7;
        }
        Projection p = Projection.of(new FloatMatrix(values, 4, 3));
        assertArrayEquals(new double[] {-12, -3, 6, 9}, p.x(), 1e-9);
        assertArrayEquals(new double[4], p.y(), 1e-6);
        assertEquals(1, p.shareX(), 1e-12);
        assertEquals(0, p.shareY(), 1e-12);
    }

    /** Variances of the coordinates are those of the two largest axes, whatever turns them; they do not correlate. */
    @Test
    void axesAreFoundAndUncorrelated() {
        Random random = new Random(5);
        int n = 500;
        int d = 6;
        double[] deviations = {0.1, 5, 0.2, 1e-3, 2, 0.3};
        float[] values = new float[n * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviations[i % d] * random.nextGaussian());
        }
        Projection p = Projection.of(new FloatMatrix(values, n, d));
        double xx = 0;
        double yy = 0;
        double xy = 0;
        double total = 0;
        for (int i = 0; i < n; i++) {
            xx += p.x()[i] * p.x()[i] / n;
            yy += p.y()[i] * p.y()[i] / n;
            xy += p.x()[i] * p.y()[i] / n;
        }
        for (int k = 0; k < d; k++) {
            double mean = 0;
            double squares = 0;
            for (int i = 0; i < n; i++) {
                mean += values[i * d + k] / (double) n;
                squares += (double) values[i * d + k] * values[i * d + k] / n;
            }
            total += squares - mean * mean;
        }
        assertEquals(25, xx, 4);
        assertEquals(4, yy, 1);
        assertEquals(0, xy, 1e-9);
        assertEquals(xx / total, p.shareX(), 1e-9);
        assertEquals(yy / total, p.shareY(), 1e-9);
    }

    @Test
    void awkwardInput() {
        Projection single = Projection.of(new FloatMatrix(new float[] {3, 4}, 1, 2));
        assertEquals(0, single.x()[0]);
        assertTrue(Double.isNaN(single.shareX()));
        Projection column = Projection.of(new FloatMatrix(new float[] {1, 3}, 2, 1));
        assertArrayEquals(new double[] {-1, 1}, column.x(), 1e-12);
        assertArrayEquals(new double[2], column.y());
        Projection tiny = Projection.of(new FloatMatrix(new float[] {1e-30f, 0, 3e-30f, 0}, 2, 2));
        assertEquals(2e-30, tiny.x()[1] - tiny.x()[0], 1e-36);
        assertThrows(IllegalArgumentException.class, () -> Projection.of(new FloatMatrix(new float[0], 0, 2)));
    }

    @Test
    void isDrawnAsSvgAndPng() throws IOException {
        Random random = new Random(2);
        float[] values = new float[3 * 6000];
        long[] labels = new long[6000];
        for (int i = 0; i < 6000; i++) {
            labels[i] = random.nextInt(7) - 3;
            for (int k = 0; k < 3; k++) {
                values[3 * i + k] = (float) (random.nextGaussian() + labels[i] * k);
            }
        }
        ProjectionChart chart = new ProjectionChart(Projection.of(new FloatMatrix(values, 6000, 3)), labels, 1);
        ByteArrayOutputStream svg = new ByteArrayOutputStream();
        chart.writeSvg(svg);
        String text = svg.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("<svg") && text.length() > 20 * ProjectionChart.MOST_DOTS, "too little SVG");
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        chart.writePng(png);
        assertEquals(
                900, ImageIO.read(new ByteArrayInputStream(png.toByteArray())).getWidth());
        Projection two = Projection.of(new FloatMatrix(new float[4], 2, 2));
        assertThrows(IllegalArgumentException.class, () -> new ProjectionChart(two, labels, 1));
    }
}
