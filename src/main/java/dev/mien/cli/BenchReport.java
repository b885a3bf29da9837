package dev.mien.cli;

import dev.mien.bench.Contender.Kind;
import dev.mien.bench.Measurement;
import dev.mien.bench.Timing;
import dev.mien.kernels.Distance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/** What {@code mien bench} prints, as JSON and as text. */
record BenchReport(String kernels, String libtorch, String cpu, int threads, List<Row> measurements) {

    private static final double MEGABYTE = 1 << 20;

    /** One line of the table. Times in milliseconds, memory in MB; NaN is what a CUDA device has no figure of. */
    record Row(
            String operation,
            Distance distance,
            int n,
            int d,
            Timing mien,
            double mienMb,
            List<PeerRow> peers,
            Timing sgemm,
            double gflops,
            double gelems,
            double peakGflops,
            double shareOfPeak) {

        private static Row of(Measurement m) {
            return new Row(
                    m.operation().word(),
                    m.workload().distance(),
                    m.workload().n(),
                    m.workload().d(),
                    m.mien(),
                    megabytes(m.mienBytes()),
                    m.peers().stream()
                            .map(peer -> new PeerRow(
                                    peer.name(), peer.kind(), peer.timing(), m.ratio(peer), megabytes(peer.bytes())))
                            .toList(),
                    m.sgemm(),
                    m.gflops(),
                    m.gflops() / 2,
                    m.peakGflops(),
                    m.share());
        }

        private static double megabytes(long bytes) {
            return bytes < 0 ? Double.NaN : bytes / MEGABYTE;
        }

        private String heading() {
            return operation + ", " + distance.word();
        }

        private Optional<PeerRow> fastest() {
            return peers.stream().min((a, b) -> Double.compare(a.timing.median(), b.timing.median()));
        }
    }

    /** A peer in a line; {@code ratio} is how many times mien's median goes into its own. */
    record PeerRow(String name, Kind kind, Timing timing, double ratio, double mb) {}

    static BenchReport of(String kernels, String cpu, List<Measurement> measurements) throws IOException {
        return new BenchReport(
                kernels,
                Loader.getVersion("org.bytedeco", "pytorch"),
                cpu,
                measurements.get(0).threads(),
                measurements.stream().map(Row::of).toList());
    }

    /** For people: a table and its contenders for each operation and distance. */
    String text() {
        StringBuilder text = new StringBuilder(
                "%s against LibTorch %s, threads: %d%n%s%s%n".formatted(kernels, libtorch, threads, cpu, peak()));
        for (String heading : measurements.stream().map(Row::heading).distinct().toList()) {
            List<Row> rows = measurements.stream()
                    .filter(row -> row.heading().equals(heading))
                    .toList();
            text.append("%n%s: median times%n".formatted(heading))
                    .append(summary(rows))
                    .append('\n')
                    .append(contenders(rows))
                    .append(absent(rows));
        }
        return text.toString();
    }

    private String peak() {
        double peak = measurements.stream().mapToDouble(Row::peakGflops).max().orElseThrow();
        return Double.isNaN(peak) ? "" : ", peak %.0f GFLOP/s".formatted(peak);
    }

    private static String summary(List<Row> rows) {
        TextTable table =
                new TextTable(0, "n", "d", "mien ms", "peer ms", "ratio", "GFLOP/s", "of peak", "mien MB", "peer MB");
        for (Row row : rows) {
            Optional<PeerRow> peer = row.fastest();
            table.row(
                    row.n,
                    row.d,
                    figure(row.mien.median()),
                    peer.map(p -> figure(p.timing.median())).orElse("-"),
                    peer.map(p -> figure(p.ratio)).orElse("-"),
                    figure(row.gflops),
                    Double.isNaN(row.shareOfPeak) ? "-" : Math.round(100 * row.shareOfPeak) + "%",
                    memory(row.mienMb),
                    peer.map(p -> memory(p.mb)).orElse("-"));
        }
        return table.toString();
    }

    private static String contenders(List<Row> rows) {
        TextTable table = new TextTable(1, "contender", "n", "d", "min ms", "median");
        for (Row row : rows) {
            add(table, row, "mien", row.mien);
            row.peers.forEach(peer -> add(table, row, peer.name, peer.timing));
            if (row.sgemm != null) {
                add(table, row, "sgemm", row.sgemm);
            }
        }
        return table.toString();
    }

    private static void add(TextTable table, Row row, String name, Timing timing) {
        table.row(name, row.n, row.d, figure(timing.min()), figure(timing.median()));
    }

    /** Says which peers were left out, and why. */
    private static String absent(List<Row> rows) {
        List<String> sizes = new ArrayList<>();
        for (Row row : rows) {
            String size = "n=" + row.n;
            if (row.peers.stream().noneMatch(peer -> peer.kind == Kind.MATRIX) && !sizes.contains(size)) {
                sizes.add(size);
            }
        }
        return sizes.isEmpty()
                ? ""
                : String.join(", ", sizes) + ": LibTorch's n x n matrices do not fit into memory, left out\n";
    }

    private static String memory(double megabytes) {
        return Double.isNaN(megabytes) ? "-" : String.format(Locale.ROOT, megabytes >= 10 ? "%.0f" : "%.1f", megabytes);
    }

    /** Three digits, or all before the point. */
    static String figure(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
