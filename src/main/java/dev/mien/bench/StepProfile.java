package dev.mien.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * What training steps spend their time on, by the virtual machine's flight recorder, which looks at the thread every 10 ms
 * wherever it is, not only at safepoints.
 *
 * @param samples how often the thread was seen in a step
 * @param java share of them in Java code, 0..1; the rest was in LibTorch or the kernels
 * @param parts share of them in each part of a step, 0..1
 */
public record StepProfile(int samples, double java, Map<Part, Double> parts) {

    /** Of a step. */
    public enum Part {
        /** Changing images at random. */
        AUGMENTATION,
        /** From images to features. */
        FORWARD,
        /** From features to a loss, mining and the head included. */
        LOSS,
        /** Gradients. */
        BACKWARD,
        /** Moving the weights. */
        UPDATE,
        /** Drawing the batch, counting what was right. */
        OTHER
    }

    private static final Duration PERIOD = Duration.ofMillis(10);
    private static final String IN_JAVA = "jdk.ExecutionSample";
    private static final String IN_NATIVE_CODE = "jdk.NativeMethodSample";
    private static final String STEP = "dev.mien.training.Trainer$Epochs.step";
    private static final String OUTCOME = "dev.mien.training.Trainer$Epochs.outcome";

    /** Runs {@code training} and looks at the steps that it takes on any thread. */
    static StepProfile of(Runnable training) throws IOException {
        return of(training, STEP);
    }

    /** The same of a method that is named otherwise, as {@code class.method}. */
    static StepProfile of(Runnable training, String step) throws IOException {
        Path file = Files.createTempFile("mien-steps", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(IN_JAVA).withPeriod(PERIOD).withStackTrace();
            recording.enable(IN_NATIVE_CODE).withPeriod(PERIOD).withStackTrace();
            recording.start();
            training.run();
            recording.dump(file);
            return of(RecordingFile.readAllEvents(file), step);
        } finally {
            Files.delete(file);
        }
    }

    private static StepProfile of(List<RecordedEvent> events, String step) {
        int samples = 0;
        int inJava = 0;
        Map<Part, Double> parts = new TreeMap<>();
        for (RecordedEvent event : events) {
            Part part = part(event, step);
            if (part != null) {
                samples++;
                inJava += event.getEventType().getName().equals(IN_JAVA) ? 1 : 0;
                parts.merge(part, 1.0, Double::sum);
            }
        }
        double all = samples;
        parts.replaceAll((part, count) -> count / all);
        return new StepProfile(samples, inJava / all, parts);
    }

    /** What the step had called, or null outside a step. */
    private static Part part(RecordedEvent event, String step) {
        if (event.getStackTrace() == null) {
            return null;
        }
        String callee = "";
        for (RecordedFrame frame : event.getStackTrace().getFrames()) {
            String name = frame.getMethod().getType().getName() + "."
                    + frame.getMethod().getName();
            if (name.equals(step)) {
                return named(callee);
            }
            callee = name.equals(OUTCOME) ? callee : name;
        }
        return null;
    }

    private static Part named(String callee) {
        String method = callee.substring(callee.lastIndexOf('.') + 1);
        return switch (method) {
            case "apply" -> Part.AUGMENTATION;
            case "features" -> Part.FORWARD;
            case "of", "ofMixed" -> Part.LOSS;
            case "backward" -> Part.BACKWARD;
            case "step" -> Part.UPDATE;
            default -> Part.OTHER;
        };
    }
}
