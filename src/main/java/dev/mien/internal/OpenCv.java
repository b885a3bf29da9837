package dev.mien.internal;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_objdetect;

/** The one place that loads OpenCV; nothing else of mien needs it, and it needs neither LibTorch nor the kernels. */
public final class OpenCv {

    private static final String CASCADES = "/org/bytedeco/opencv/%s/share/opencv4/haarcascades/%s.xml";

    private static final String[] WINDOWS = {"opencv_highgui@.413", "jniopencv_highgui"};

    private static boolean loaded;

    private OpenCv() {}

    /**
     * Loads OpenCV once and keeps it to the calling thread: many pictures at a time use the cores better than one
     * picture in strips, and the order of what it finds no longer depends on threads.
     *
     * @throws IllegalStateException if it is missing or does not load
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        try {
            Loader.load(opencv_core.class);
            leaveOutWindows();
            Loader.load(opencv_objdetect.class);
        } catch (IOException e) {
            throw new UncheckedIOException("OpenCV cannot be unpacked: " + NativeRuntime.firstLine(e), e);
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "OpenCV does not load (put org.bytedeco:opencv with classifier linux-x86_64 on the classpath): "
                            + NativeRuntime.firstLine(e),
                    e);
        }
        opencv_core.setNumThreads(1);
        loaded = true;
    }

    /**
     * Has JavaCPP take the module for windows as loaded, another library in its place: it would come along and needs GTK,
     * which servers lack, where no other module needs it.
     */
    private static void leaveOutWindows() throws IOException {
        File core = Loader.cacheResource(
                opencv_core.class, "/org/bytedeco/opencv/" + Loader.getPlatform() + "/libjniopencv_core.so");
        for (String name : WINDOWS) {
            Loader.loadLibrary(opencv_core.class, new URL[] {core.toURI().toURL()}, name);
        }
    }

    /**
     * A cascade of OpenCV's own as a file.
     *
     * @param name such as {@code haarcascade_frontalface_alt2}
     */
    public static File cascade(String name) {
        load();
        try {
            File file = Loader.cacheResource(CASCADES.formatted(Loader.getPlatform(), name));
            if (file == null) {
                throw new IllegalStateException("OpenCV's natives on the classpath hold no " + name + ".xml");
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("OpenCV's " + name + ".xml cannot be unpacked", e);
        }
    }
}
