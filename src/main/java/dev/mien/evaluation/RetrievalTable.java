package dev.mien.evaluation;

import dev.mien.evaluation.Table.Kind;

/** How well each model's embeddings find their class by distance: a table that the paper does not have. */
final class RetrievalTable {

    private RetrievalTable() {}

    static Table of(Results results) {
        Table table = new Table("Beyond the paper: embeddings as a search index")
                .columns(Kind.TEXT, "Features", "Backbone", "Split", "Distance")
                .columns(Kind.FIGURE, "Seed", "P@1, %", "R-precision, %", "MAP@R, %", "MAP@R, macro", "MRR, %")
                .columns(Kind.FIGURE, "Silhouette", "NMI", "Separation, %");
        for (Results.Retrieval r : results.retrieval()) {
            table.row(
                    Format.name(r.loss()),
                    Format.text(r.backbone()),
                    Format.text(r.split()),
                    Format.text(r.distance()),
                    r.seed() == null ? Format.MISSING : r.seed().toString(),
                    Format.percent(r.mean().precisionAt1()),
                    Format.percent(r.mean().rPrecision()),
                    Format.percent(r.mean().mapAtR()),
                    Format.percent(r.macro().mapAtR()),
                    Format.percent(r.mean().meanReciprocalRank()),
                    Format.decimals(r.mean().silhouette(), 3),
                    Format.decimals(r.nmi(), 3),
                    Format.percent(r.separation()));
        }
        return table.footnote("Each image of the split looks for its class among all others, without a classifier. R is"
                        + " the number of others of its class; MAP@R and R-precision as in Musgrave et al. (2020).")
                .explained();
    }
}
