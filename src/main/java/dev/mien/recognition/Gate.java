package dev.mien.recognition;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Lets many threads use native memory until it is to be freed, and frees it when the last of them has left. */
final class Gate {

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final String name;
    private volatile boolean closed;

    /** @param name of what is guarded, for messages */
    Gate(String name) {
        this.name = name;
    }

    /** Passes unless closed. */
    void check() {
        if (closed) {
            throw new IllegalStateException("the " + name + " is closed");
        }
    }

    /** Does {@code work}, during which nothing is freed; {@link IllegalStateException} once closed. */
    <T> T pass(Supplier<T> work) {
        lock.readLock().lock();
        try {
            check();
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Lets nobody in any more, waits for those inside, then frees; the second time does nothing. */
    void close(Runnable free) {
        boolean first;
        synchronized (this) {
            first = !closed;
            closed = true;
        }
        if (!first) {
            return;
        }
        lock.writeLock().lock();
        try {
            free.run();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
