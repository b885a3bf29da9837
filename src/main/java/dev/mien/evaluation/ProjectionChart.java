package dev.mien.evaluation;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A {@link Projection} as a drawing: a dot for each row, a colour for each class. */
public final class ProjectionChart {

    /** At most so many rows are drawn, an even sample of all. */
    public static final int MOST_DOTS = 5000;

    private static final int WIDTH = 900;
    private static final int HEIGHT = 640;
    private static final int DOT = 5;
    private static final int OPACITY = 170;
    private static final int MOST_IN_LEGEND = 20;
    private static final float GOLDEN = 0.618034f;

    private final XYChart chart;

    /**
     * Prepares the drawing.
     *
     * @param labels (n), the classes of the projection's rows
     * @param seed of the sample where there are more rows than {@link #MOST_DOTS}
     * @throws IllegalArgumentException when the lengths differ
     */
    public ProjectionChart(Projection projection, long[] labels, long seed) {
        if (labels.length != projection.x().length) {
            throw new IllegalArgumentException(
                    "%d labels for %d points".formatted(labels.length, projection.x().length));
        }
        Map<Long, List<Integer>> members = new TreeMap<>();
        for (int row : drawn(labels.length, seed)) {
            members.computeIfAbsent(labels[row], label -> new ArrayList<>()).add(row);
        }
        chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Principal components" + (labels.length > MOST_DOTS ? ", a sample" : ""))
                .xAxisTitle("first: " + share(projection.shareX()))
                .yAxisTitle("second: " + share(projection.shareY()))
                .build();
        style(members.size());
        int next = 0;
        for (Map.Entry<Long, List<Integer>> group : members.entrySet()) {
            chart.addSeries(
                            group.getKey().toString(),
                            chosen(projection.x(), group.getValue()),
                            chosen(projection.y(), group.getValue()))
                    .setMarker(SeriesMarkers.CIRCLE)
                    .setMarkerColor(colour(next++, members.size()));
        }
    }

    private static int[] drawn(int rows, long seed) {
        if (rows <= MOST_DOTS) {
            return IntStream.range(0, rows).toArray();
        }
        SplittableRandom random = new SplittableRandom(seed);
        int[] sample = new int[MOST_DOTS];
        int taken = 0;
        for (int row = 0; taken < MOST_DOTS; row++) { // each as likely as any other, in order
            if (random.nextInt(rows - row) < MOST_DOTS - taken) {
                sample[taken++] = row;
            }
        }
        return sample;
    }

    private static double[] chosen(double[] values, List<Integer> rows) {
        return rows.stream().mapToDouble(row -> values[row]).toArray();
    }

    private static String share(double share) {
        return Format.decimals(100 * share, 1) + " % of the variance";
    }

    /** Evenly spread over the colour circle; neighbours in brightness differ where there are many. */
    private static Color colour(int number, int classes) {
        float hue = classes <= MOST_IN_LEGEND ? (float) number / classes : number * GOLDEN;
        Color full = Color.getHSBColor(hue + 0.6f, 0.75f, number % 2 == 0 ? 0.75f : 0.55f);
        return new Color(full.getRed(), full.getGreen(), full.getBlue(), OPACITY);
    }

    private void style(int classes) {
        Font text = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
        chart.getStyler()
                .setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
                .setMarkerSize(DOT)
                .setLegendPosition(LegendPosition.OutsideE)
                .setLegendVisible(classes <= MOST_IN_LEGEND)
                .setChartBackgroundColor(Color.WHITE)
                .setLegendBorderColor(Color.WHITE)
                .setLegendFont(text)
                .setChartTitleFont(text.deriveFont(Font.BOLD, 15f));
        chart.getStyler()
                .setAxisTitleFont(text)
                .setAxisTickLabelsFont(text)
                .setPlotGridLinesColor(new Color(0xdd, 0xdd, 0xdd))
                .setPlotBorderVisible(false);
    }

    /** Writes the drawing as PNG. */
    public void writePng(OutputStream out) throws IOException {
        BitmapEncoder.saveBitmap(chart, out, BitmapFormat.PNG);
    }

    /** Writes the drawing as SVG. */
    public void writeSvg(OutputStream out) throws IOException {
        VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsFormat.SVG);
    }
}
