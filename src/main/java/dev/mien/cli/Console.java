package dev.mien.cli;

import dev.mien.internal.Progress;
import java.lang.reflect.Method;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Messages and progress bars on stderr; bars only on a terminal, nothing at all when quiet. */
final class Console implements Progress, AutoCloseable {

    private static final int UPDATE_MILLIS = 250;
    private static final long REMARK_NANOS = 60_000_000_000L;

    private final boolean quiet;
    private final boolean terminal;
    private long lastRemark = System.nanoTime();
    private ProgressBar bar;
    private String task;

    Console(boolean quiet) {
        this.quiet = quiet;
        this.terminal = !quiet && isTerminal();
    }

    /** Prints one line, above the bar where there is one. */
    synchronized void say(String message) {
        if (!quiet) {
            close();
            System.err.println(message);
        }
    }

    @Override
    public synchronized void at(String newTask, long done, long total) {
        if (total <= 1) {
            return; // nothing to draw, and nothing to count
        }
        if (!terminal) {
            remark(newTask, done, total);
            return;
        }
        if (!newTask.equals(task)) {
            close();
            task = newTask;
            bar = new ProgressBarBuilder()
                    .setTaskName(newTask)
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(UPDATE_MILLIS)
                    .setMaxRenderedLength(78)
                    .clearDisplayOnFinish()
                    .build();
        }
        bar.stepTo(done);
        if (done >= total) {
            close();
        }
    }

    /** In a log file a line now and then shows that a long task is alive. */
    private void remark(String newTask, long done, long total) {
        long now = System.nanoTime();
        if (!quiet && now - lastRemark >= REMARK_NANOS) {
            lastRemark = now;
            System.err.println(newTask + ": " + done + " of " + total);
        }
    }

    /** Removes the bar. */
    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
            task = null;
        }
    }

    private static boolean isTerminal() {
        java.io.Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From JDK 22 on a console exists without a terminal too, and says so itself.
            Method isTerminal = java.io.Console.class.getMethod("isTerminal");
            return (boolean) isTerminal.invoke(console);
        } catch (ReflectiveOperationException olderJdk) {
            return true;
        }
    }
}
