package dev.mien.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {

    private static final String HOSTILE =
            "<script>alert('x')</script> & \"quoted\" | pipe `tick` \u0001 # [a](b)\nnext line";

    @TempDir
    Path folder;

    @Test
    void writesThreeFiles() throws IOException {
        Results results = MadeUpResults.create();
        Path made = folder.resolve("deep/report");
        Report.write(results, made);
        assertEquals(results, Results.read(made.resolve("results.json")));
        assertTrue(Files.readString(made.resolve("report.md")).startsWith("# "));
        try (var files = Files.list(made)) {
            assertEquals(3, files.count());
        }
    }

    @Test
    void pageIsWellFormedAndLoadsNothing() throws Exception {
        String html = HtmlReport.of(MadeUpResults.create());
        Document page = parse(html);
        // 1 of accuracies, 2 for each of 3 models, 1 of active triplets, 2 of distances
        assertEquals(10, page.getElementsByTagName("svg").getLength());
        assertEquals(14, page.getElementsByTagName("details").getLength());
        assertFalse(html.contains("http:") || html.contains("https:") || html.contains("url("), "loads something");
        for (String loader : List.of("script", "link", "img", "iframe", "object", "a")) {
            assertEquals(0, page.getElementsByTagName(loader).getLength(), loader);
        }
        assertFalse(html.contains("NaN") || html.contains("Infinity") || html.contains("null"), "an undefined number");
    }

    @Test
    void tablesHoldOurFiguresBesideThePapers() {
        Results.Run run = madeUpRun("cross-entropy", "xgboost", "test");
        String ours = Format.percent(run.accuracy());
        String difference = Format.points(run.accuracy() - 0.6570);
        String row = line(MarkdownReport.of(fer2013(List.of(run))), "XGBoost", "65.70");
        assertTrue(row.contains("| **" + ours + "** | **65.70** | **" + difference + "** |"), row);
        String other = line(MarkdownReport.of(MadeUpResults.of(List.of(run))), "XGBoost", "65.70");
        assertTrue(other.contains("| **65.70** | **n/c** |"), other);
        assertTrue(MarkdownReport.of(MadeUpResults.of(List.of(run))).contains("not of FER2013"));
        assertFalse(MarkdownReport.of(fer2013(List.of(run))).contains("not of FER2013"));
    }

    @Test
    void validationFigureOfThePaperIsMarkedAsFitted() {
        String text = MarkdownReport.of(fer2013(List.of(madeUpRun("cross-entropy", "xgboost", "validation"))));
        assertTrue(line(text, "XGBoost", "99.77").contains("99.77† | n/c"), text);
    }

    @Test
    void bestIsChosenOnValidation() {
        Results.Run weak = withAccuracy(madeUpRun("cross-entropy", "svm", "validation"), 0.5);
        Results.Run strong = withAccuracy(madeUpRun("triplet", "ann", "validation"), 0.6);
        Results.Run weakTest = withAccuracy(madeUpRun("cross-entropy", "svm", "test"), 0.9);
        Results.Run strongTest = withAccuracy(madeUpRun("triplet", "ann", "test"), 0.4);
        Scores scores = new Scores(fer2013(List.of(weak, strong, weakTest, strongTest)));
        assertEquals("Triplet + ANN", scores.best().orElseThrow().title());
        assertEquals(0.4, scores.best().orElseThrow().accuracy());
        assertEquals(
                "SVM",
                Format.name(new Scores(fer2013(List.of(weakTest, strongTest)))
                        .best()
                        .orElseThrow()
                        .classifier()));
    }

    @Test
    void seedsAreAveraged() {
        Results.Run first = withAccuracy(madeUpRun("joint", "ann", "test"), 0.70);
        Results.Run second = withAccuracy(madeUpRun("joint", "ann", "test"), 0.72);
        Score score = new Scores(fer2013(List.of(first, second))).best().orElseThrow();
        assertEquals(0.71, score.accuracy(), 1e-12);
        assertEquals("71.00 ± 1.41", score.printedAccuracy());
        long total = first.confusion().get(0).get(0) + second.confusion().get(0).get(0);
        assertEquals(total, score.confusion().get(0).get(0));
    }

    @Test
    void markdownTablesHaveEqualColumns() {
        for (Results results : List.of(MadeUpResults.create(), hostile(), empty(), MadeUpResults.of(List.of()))) {
            int columns = 0;
            for (String line : MarkdownReport.of(results).lines().toList()) {
                int bars = line.startsWith("|") ? line.replace("\\|", "").split("\\|", -1).length : 0;
                if (bars > 0 && columns > 0) {
                    assertEquals(columns, bars, line);
                }
                columns = bars;
            }
        }
    }

    @Test
    void textIsEscaped() throws Exception {
        String html = HtmlReport.of(hostile());
        parse(html);
        assertFalse(html.contains("<script"));
        assertTrue(html.contains("&lt;script&gt;"));
        String markdown = MarkdownReport.of(hostile());
        assertFalse(markdown.contains(" <script>") || markdown.contains("\nnext line"), markdown);
    }

    @Test
    void littleOrNothingStillMakesAReport() throws Exception {
        for (Results results : List.of(empty(), MadeUpResults.of(List.of()), oneEmptyRun(), onlyOneEpoch())) {
            Document page = parse(HtmlReport.of(results));
            assertTrue(page.getElementsByTagName("table").getLength() > 5);
            assertFalse(page.getDocumentElement().getTextContent().contains("NaN"));
            assertFalse(MarkdownReport.of(results).contains("NaN"));
        }
    }

    @Test
    void axesHoldTheirDataWithAFewRoundTicks() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            double low = random.nextGaussian() * Math.pow(10, random.nextInt(13) - 6);
            double high = low + Math.abs(random.nextGaussian()) * Math.pow(10, random.nextInt(9) - 4);
            Ticks ticks = Ticks.covering(low, high, 5);
            String message = "seed " + seed + ": " + low + " to " + high + " gives " + ticks;
            assertTrue(ticks.low() <= low + ticks.step() * 1e-6 && ticks.high() >= high - ticks.step() * 1e-6, message);
            int count = ticks.values().size();
            assertTrue(count >= 2 && count <= 8, message + ", " + count);
        }
        assertEquals(List.of(0.0, 5.0, 10.0), Ticks.covering(0, 9.7, 3).values());
        assertEquals("0.05", Ticks.covering(0, 0.2, 5).print(0.05));
    }

    @Test
    void numbersPrintAlikeEverywhere() {
        assertEquals("65.70", Format.percent(0.657));
        assertEquals("+0.61", Format.points(0.0061));
        assertEquals("−1.20", Format.points(-0.012));
        assertEquals("±0.00", Format.points(-0.00001));
        assertEquals("20,027,975", Format.count(20_027_975));
        assertEquals("1 h 05 min", Format.seconds(3941.0));
        assertEquals("1 min 00 s", Format.seconds(59.7));
        assertEquals("< 0.0001", Format.pValue(1e-5));
        assertEquals("0.130", Format.significant(0.13));
        assertEquals("n/a", Format.percent(null));
    }

    private static Document parse(String html) throws Exception {
        String xml = html.replace("<!DOCTYPE html>", "");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static String line(String text, String first, String second) {
        return text.lines()
                .filter(line -> line.startsWith("| ") && line.contains(first) && line.contains(second))
                .findFirst()
                .orElseThrow(() -> new AssertionError(text));
    }

    private static Results.Run madeUpRun(String loss, String classifier, String split) {
        return MadeUpResults.run(loss, classifier, split, new Random(3));
    }

    private static Results.Run withAccuracy(Results.Run run, double accuracy) {
        return new Results.Run(
                run.backbone(),
                run.parameters(),
                run.loss(),
                run.classifier(),
                run.split(),
                run.n(),
                accuracy,
                run.accuracyCi95(),
                run.precision(),
                run.recall(),
                run.f1(),
                null,
                null,
                null,
                run.perClass(),
                run.confusion(),
                run.seconds(),
                null,
                null,
                null,
                1L);
    }

    private static Results fer2013(List<Results.Run> runs) {
        Results base = MadeUpResults.of(runs);
        Results.Dataset data = new Results.Dataset(
                "FER2013", PaperFigures.SPLITS, base.dataset().classCounts());
        return new Results("0", "cpu", "torch", data, runs, null, null, null, null, null, null, null, null, null);
    }

    private static Results empty() {
        return new Results(null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    private static Results oneEmptyRun() {
        Results.Run run = new Results.Run(
                null,
                null,
                null,
                null,
                "test",
                0,
                Double.NaN,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(List.of(1L), List.of()),
                Double.NaN,
                null,
                null,
                null,
                null);
        return MadeUpResults.of(new ArrayList<>(List.of(run)));
    }

    private static Results onlyOneEpoch() {
        Results.Epoch epoch = new Results.Epoch(1, null, Double.NaN, 0.5, null, null, null, null, null, null, null);
        Results.Curve one = new Results.Curve("compact", "triplet", null, null, null, 1, List.of(epoch));
        Results.Curve none = new Results.Curve(null, null, null, null, null, null, null);
        Results.Distances flat = new Results.Distances("c", "t", null, List.of(0.0, 0.0), List.of(1L), List.of(0L));
        Results.Distances odd = new Results.Distances(null, null, null, List.of(0.0), List.of(1L), List.of());
        Results.Retrieval blank =
                new Results.Retrieval(null, null, null, null, null, 0, 0, null, null, Double.NaN, null);
        return new Results(
                "0",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(one, none),
                List.of(flat, odd),
                List.of(blank),
                null,
                null);
    }

    private static Results hostile() {
        Results.Run run = new Results.Run(
                HOSTILE,
                1L,
                HOSTILE,
                HOSTILE,
                "test",
                1,
                0.5,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(new Results.ClassScore(HOSTILE, 1, null, null, null)),
                List.of(List.of(1L)),
                1.0,
                null,
                null,
                null,
                null);
        Results.Epoch epoch = new Results.Epoch(1, null, 1.0, 0.5, null, null, null, null, null, null, null);
        return new Results(
                HOSTILE,
                HOSTILE,
                HOSTILE,
                new Results.Dataset(HOSTILE, null, null),
                List.of(run),
                HOSTILE,
                HOSTILE,
                HOSTILE,
                1.0,
                List.of(new Results.Curve(HOSTILE, HOSTILE, 1L, 1L, 1.0, 1, List.of(epoch, epoch))),
                List.of(new Results.Distances(HOSTILE, HOSTILE, HOSTILE, List.of(0.0, 1.0), List.of(1L), List.of(1L))),
                List.of(new Results.Retrieval(HOSTILE, HOSTILE, 1L, HOSTILE, HOSTILE, 1, 0, null, null, 0.5, 0.5)),
                List.of(
                        new Results.Setting(HOSTILE, HOSTILE, null),
                        new Results.Setting(HOSTILE, HOSTILE, Results.Topic.DEVIATION),
                        new Results.Setting(null, HOSTILE, Results.Topic.TRAINING)),
                List.of(HOSTILE));
    }
}
