package dev.mien.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A roofline: GFLOP/s over d, the multiply-adds that one distance takes, both axes logarithmic. The roofs are the measured
 * rate of multiply-adds, and what is left of it when every distance is written to memory and read once.
 */
public final class Roofline {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;
    private static final double TICKS_WIDTH = 480;
    private static final double BYTES_OF_A_STORED_DISTANCE = 8; // written once, read once
    private static final Color MIEN = new Color(0x1f, 0x5f, 0xb4);
    private static final Color PEER = new Color(0xd9, 0x6c, 0x1e);
    private static final Color SGEMM = new Color(0x4d, 0x8f, 0x4d);
    private static final Color ROOF = new Color(0x44, 0x44, 0x44);
    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.DIAMOND, SeriesMarkers.TRIANGLE_UP
    };

    private final List<Measurement> measurements;
    private final XYChart chart;

    /**
     * @param measurements one or more
     * @param copyGigabytes per second that memory takes and gives, see {@link Calibration#copyGigabytes}
     */
    public Roofline(List<Measurement> measurements, double copyGigabytes) {
        this.measurements = measurements;
        this.chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title())
                .xAxisTitle("d: multiply-adds of one distance")
                .yAxisTitle("GFLOP/s, as if all n x n distances were computed")
                .build();
        style();
        roofs(copyGigabytes);
        curves("mien", MIEN, m -> Optional.of(m.mien().median()));
        curves("LibTorch", PEER, m -> m.fastest().map(peer -> peer.timing().median()));
        curves("sgemm", SGEMM, m -> Optional.ofNullable(m.sgemm()).map(Timing::median));
        axes();
    }

    private String title() {
        Measurement first = measurements.get(0);
        return subjects().size() > 1
                ? "mien, " + first.threads() + " threads"
                : subject(first) + ", " + first.threads() + " threads";
    }

    private static String subject(Measurement m) {
        return m.operation().word() + ", " + m.workload().distance().word();
    }

    private List<String> subjects() {
        return measurements.stream().map(Roofline::subject).distinct().toList();
    }

    private void style() {
        Font text = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideE)
                .setChartBackgroundColor(Color.WHITE)
                .setLegendBorderColor(Color.WHITE)
                .setLegendFont(text)
                .setChartTitleFont(text.deriveFont(Font.BOLD, 15f));
        chart.getStyler()
                .setAxisTitleFont(text)
                .setAxisTickLabelsFont(text)
                .setPlotGridLinesColor(new Color(0xdd, 0xdd, 0xdd))
                .setxAxisTickLabelsFormattingFunction(Roofline::power)
                .setyAxisTickLabelsFormattingFunction(Roofline::power)
                .setYAxisTickMarkSpacingHint(40)
                .setMarkerSize(8)
                .setPlotBorderVisible(false);
    }

    /** Axes carry logarithms to the base of 2. */
    private static String power(double logarithm) {
        double value = Math.pow(2, logarithm);
        return String.format(Locale.ROOT, value < 10 ? "%.2g" : "%.0f", value);
    }

    /** Both axes from one power of two to another, so that ticks fall on whole powers. */
    private void axes() {
        double[] y = chart.getSeriesMap().values().stream()
                .flatMapToDouble(series -> Arrays.stream(series.getYData()))
                .toArray();
        double low = Math.floor(logarithm(depths().get(0)) - 0.5);
        double high = Math.ceil(logarithm(depths().get(depths().size() - 1)) + 0.5);
        chart.getStyler()
                .setXAxisMin(low)
                .setXAxisMax(high)
                .setXAxisTickMarkSpacingHint((int) (TICKS_WIDTH / (high - low)))
                .setYAxisMin(Math.floor(Arrays.stream(y).min().orElseThrow()))
                .setYAxisMax(Math.ceil(Arrays.stream(y).max().orElseThrow() + 0.1));
    }

    private void roofs(double copyGigabytes) {
        double low = Math.pow(2, Math.floor(logarithm(depths().get(0)) - 0.5));
        double high = Math.pow(2, Math.ceil(logarithm(depths().get(depths().size() - 1)) + 0.5));
        double peak = Timing.median(
                measurements.stream().mapToDouble(Measurement::peakGflops).toArray());
        line("multiply-adds in registers", List.of(low, high), List.of(peak, peak), 2);
        List<Double> stored = List.of(stored(low, copyGigabytes, peak), stored(high, copyGigabytes, peak));
        double ridge = peak * BYTES_OF_A_STORED_DISTANCE / 2 / copyGigabytes;
        if (ridge > low && ridge < high) {
            line("matrix stored", List.of(low, ridge, high), List.of(stored.get(0), peak, stored.get(1)), 1);
        } else {
            line("matrix stored", List.of(low, high), stored, 1);
        }
    }

    private static double stored(double d, double copyGigabytes, double peak) {
        return Math.min(peak, copyGigabytes * 2 * d / BYTES_OF_A_STORED_DISTANCE);
    }

    private List<Double> depths() {
        return measurements.stream()
                .map(m -> (double) m.workload().d())
                .distinct()
                .sorted()
                .toList();
    }

    private void line(String name, List<Double> x, List<Double> y, int width) {
        XYSeries series = add(name, x, y);
        series.setMarker(SeriesMarkers.NONE).setLineColor(ROOF);
        series.setLineStyle(
                width > 1
                        ? new BasicStroke(2)
                        : new BasicStroke(
                                1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {6, 4}, 0));
    }

    /** A curve over d for each n, and for each operation and distance where there are several. */
    private void curves(String name, Color colour, Function<Measurement, Optional<Double>> millis) {
        Map<String, List<Measurement>> groups = measurements.stream()
                .filter(m -> millis.apply(m).isPresent())
                .collect(Collectors.groupingBy(
                        m -> (subjects().size() > 1 ? subject(m) + ", " : "")
                                + "%7d".formatted(m.workload().n()),
                        TreeMap::new,
                        Collectors.toList()));
        int next = 0;
        for (Map.Entry<String, List<Measurement>> group : groups.entrySet()) {
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            for (Measurement m : group.getValue()) {
                x.add((double) m.workload().d());
                y.add(m.gflops(millis.apply(m).orElseThrow()));
            }
            XYSeries series = add(name + ", n=" + group.getKey().strip(), x, y);
            Color shade = shade(colour, next, groups.size());
            series.setMarker(MARKERS[next % MARKERS.length]).setMarkerColor(shade);
            series.setLineColor(shade).setLineStyle(new BasicStroke(1.5f));
            next++;
        }
    }

    /** Paler for smaller n. */
    private static Color shade(Color colour, int index, int count) {
        double pale = count == 1 ? 0 : 0.55 * (count - 1 - index) / (count - 1);
        return new Color(
                (int) (colour.getRed() + pale * (255 - colour.getRed())),
                (int) (colour.getGreen() + pale * (255 - colour.getGreen())),
                (int) (colour.getBlue() + pale * (255 - colour.getBlue())));
    }

    private XYSeries add(String name, List<Double> x, List<Double> y) {
        return chart.addSeries(name, logarithms(x), logarithms(y));
    }

    private static double[] logarithms(List<Double> values) {
        return values.stream().mapToDouble(Roofline::logarithm).toArray();
    }

    private static double logarithm(double value) {
        return Math.log(value) / Math.log(2);
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
