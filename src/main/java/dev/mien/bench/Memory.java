package dev.mien.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;

/** The resident memory of this process, from {@code /proc}. */
final class Memory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR_REFS = Path.of("/proc/self/clear_refs");
    private static final String RESET_PEAK = "5";
    private static final double SHARE = 0.6;

    private Memory() {}

    /** Whether so many bytes are a safe part of what this machine has free. */
    static boolean fits(long bytes) {
        return bytes <= SHARE * Pointer.availablePhysicalBytes();
    }

    /**
     * Bytes that the resident memory rises at most while {@code work} runs. Exact by the kernel's own high-water mark,
     * where the process may reset it; sampled every millisecond otherwise. Freed memory is given back beforehand.
     */
    static long peakRise(Runnable work) {
        Pointer.trimMemory();
        boolean exact = resetPeak();
        long before = bytes("VmRSS");
        long peak = exact ? markAfter(work) : sampled(work);
        return Math.max(0, peak - before);
    }

    private static boolean resetPeak() {
        try {
            Files.writeString(CLEAR_REFS, RESET_PEAK);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static long markAfter(Runnable work) {
        work.run();
        return bytes("VmHWM");
    }

    private static long sampled(Runnable work) {
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong highest = new AtomicLong(bytes("VmRSS"));
        Thread sampler = new Thread(() -> {
            while (!done.get()) {
                highest.accumulateAndGet(bytes("VmRSS"), Math::max);
                try {
                    Thread.sleep(1);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        sampler.setDaemon(true);
        sampler.start();
        try {
            work.run();
        } finally {
            highest.accumulateAndGet(bytes("VmRSS"), Math::max);
            done.set(true);
        }
        return highest.get();
    }

    /** A field of the status file, which is in KiB; 0 where there is none. */
    private static long bytes(String field) {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(field + ":")) {
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            return 0;
        }
        return 0;
    }
}
