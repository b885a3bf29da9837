package dev.mien.cli;

/** What {@code mien predict --format} takes. */
enum PredictionFormat {
    TABLE,
    JSONL,
    CSV
}
