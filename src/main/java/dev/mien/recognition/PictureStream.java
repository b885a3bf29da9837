package dev.mien.recognition;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Files that pass a recognizer in order: one thread asks for them, several prepare them, and the caller's classifies
 * all that are ready. A bounded queue between them keeps the memory constant.
 */
final class PictureStream implements AutoCloseable {

    /** Pictures that wait or are being prepared, for each thread. */
    private static final int AHEAD = 4;

    private static final Entry END = new Entry(null, null, null);

    private final ExpressionRecognizer recognizer;
    private final BlockingQueue<Future<Entry>> queue;
    private final ExecutorService workers;
    private final Thread feeder;
    private RuntimeException failure;

    /** A file and its faces, or why it has none; neither at the end. */
    private record Entry(Path file, Prepared prepared, IOException failure) {}

    PictureStream(ExpressionRecognizer recognizer, Iterator<Path> files, int threads) {
        this.recognizer = recognizer;
        queue = new ArrayBlockingQueue<>(AHEAD * threads);
        workers = Executors.newFixedThreadPool(threads, work -> daemon(work, "mien-pictures"));
        feeder = daemon(() -> feed(files), "mien-files");
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private void feed(Iterator<Path> files) {
        try {
            try {
                while (files.hasNext()) {
                    Path file = files.next();
                    queue.put(workers.submit(() -> prepare(file)));
                }
                queue.put(CompletableFuture.completedFuture(END));
            } catch (RuntimeException e) { // such as a folder that cannot be listed: the caller's to hear
                queue.put(CompletableFuture.failedFuture(e));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: nobody listens any more
        }
    }

    private Entry prepare(Path file) {
        try {
            return new Entry(file, recognizer.prepare(file), null);
        } catch (IOException e) {
            return new Entry(file, null, e);
        }
    }

    /** Hands every file to {@code consumer}, in order. */
    void forEach(Consumer<PictureFaces> consumer) {
        feeder.start();
        try {
            boolean more = true;
            while (more) {
                List<Entry> ready = ready();
                more = ready.get(ready.size() - 1) != END;
                answer(more ? ready : ready.subList(0, ready.size() - 1), consumer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while recognising", e);
        }
    }

    /** The next file, waited for, and those after it that need no waiting. */
    private List<Entry> ready() throws InterruptedException {
        if (failure != null) {
            throw failure;
        }
        List<Entry> ready = new ArrayList<>();
        ready.add(get(queue.take()));
        while (ready.get(ready.size() - 1) != END
                && queue.peek() != null
                && queue.peek().isDone()) {
            try {
                ready.add(get(queue.take()));
            } catch (RuntimeException e) { // after those before it have been answered
                failure = e;
                break;
            }
        }
        return ready;
    }

    private static Entry get(Future<Entry> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void answer(List<Entry> entries, Consumer<PictureFaces> consumer) {
        List<Prepared> readable = entries.stream()
                .map(Entry::prepared)
                .filter(prepared -> prepared != null)
                .toList();
        Iterator<List<Face>> faces = recognizer.classify(readable).iterator();
        for (Entry entry : entries) {
            consumer.accept(new PictureFaces(
                    entry.file, entry.prepared == null ? List.of() : faces.next(), Optional.ofNullable(entry.failure)));
        }
    }

    /** Stops at once what is still running. */
    @Override
    public void close() {
        feeder.interrupt();
        workers.shutdownNow();
    }
}
