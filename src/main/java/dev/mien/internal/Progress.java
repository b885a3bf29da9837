package dev.mien.internal;

/** Hears how far a long task has come; the command line draws a bar from it, a library user may ignore it. */
@FunctionalInterface
public interface Progress {

    /** Hears nothing. */
    Progress NONE = (task, done, total) -> {};

    /**
     * Reports one step.
     *
     * @param task what is being done, such as {@code "epoch 3"}
     * @param done units finished so far, 0..total
     * @param total units in all
     */
    void at(String task, long done, long total);
}
