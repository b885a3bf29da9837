package dev.mien.evaluation;

import dev.mien.evaluation.Results.Curve;
import dev.mien.evaluation.Results.Epoch;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Figures 6 and 7: training curves, and distances within and between classes. */
final class HtmlFigures {

    private final Results results;

    HtmlFigures(Results results) {
        this.results = results;
    }

    String curves() {
        StringBuilder html = new StringBuilder(legend("training", "validation"));
        for (Curve curve : results.curves()) {
            String model = ReportTables.model(curve);
            html.append("<h3>" + Html.escape(model) + "</h3>\n<div class=\"charts\">\n");
            html.append(figure("Loss", chart(model + ": loss", curve, Epoch::trainLoss, Epoch::validationLoss, 1)));
            html.append(figure(
                    "Accuracy, %",
                    chart(
                            model + ": accuracy in percent",
                            curve,
                            Epoch::trainAccuracy,
                            Epoch::validationAccuracy,
                            100)));
            // Semi-hard triplets are active by their definition: a line at 100 % says nothing.
            if (curve.epochs().stream()
                    .anyMatch(epoch -> Format.defined(epoch.activeFraction()) && epoch.activeFraction() < 1)) {
                html.append(figure(
                        "Active triplets, % of those mined",
                        chart(model + ": active triplets", curve, Epoch::activeFraction, epoch -> null, 100)));
            }
            html.append("</div>\n");
        }
        return results.curves().isEmpty() ? "<p>No model was trained.</p>\n" : html.toString();
    }

    private static Optional<String> chart(
            String description,
            Curve curve,
            Function<Epoch, Double> train,
            Function<Epoch, Double> validation,
            double scale) {
        return Charts.lines(
                description,
                List.of(line("a", curve, train, scale), line("b", curve, validation, scale)),
                curve.bestEpoch());
    }

    private static Charts.Line line(String style, Curve curve, Function<Epoch, Double> figure, double scale) {
        return new Charts.Line(
                style,
                curve.epochs().stream()
                        .map(epoch -> new double[] {epoch.epoch(), orNan(figure.apply(epoch)) * scale})
                        .toList());
    }

    String distances() {
        if (results.distances().isEmpty()) {
            return "<p>No distances were measured.</p>\n";
        }
        StringBuilder html = new StringBuilder(legend("same class", "different classes"));
        html.append(
                "<p class=\"soft\">Share of sampled pairs per bin, %. Separation is the chance that a pair of different "
                        + "classes lies farther apart than a pair of the same class: 50 % is none, 100 % is perfect.</p>\n");
        html.append("<div class=\"charts\">\n");
        for (Results.Distances distances : results.distances()) {
            String model = Format.name(distances.loss()) + ", " + Format.text(distances.backbone());
            double separation = DistanceDistribution.separation(distances.same(), distances.different());
            String measured =
                    Double.isNaN(separation) ? "" : ": separation " + Format.decimals(100 * separation, 1) + " %";
            html.append(figure(model + measured, Charts.histogram("Distances, " + model, distances)));
        }
        return html.append("</div>\n").toString();
    }

    private static String figure(String caption, Optional<String> chart) {
        return "<figure><figcaption>%s</figcaption>%s</figure>\n"
                .formatted(Html.escape(caption), chart.orElse("<p class=\"soft\">not measured</p>"));
    }

    private static String legend(String a, String b) {
        return "<ul class=\"legend\"><li><i class=\"a\"></i>%s</li><li><i class=\"b\"></i>%s</li></ul>\n"
                .formatted(Html.escape(a), Html.escape(b));
    }

    private static double orNan(Double value) {
        return value == null ? Double.NaN : value;
    }
}
